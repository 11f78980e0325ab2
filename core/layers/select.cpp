// SPDX-License-Identifier: GPL-3.0-or-later
// select: one place along an axis, which goes: axis (batch included, negative from the end), index (negative from the end).
#include "core/layers/shapekinds.h"
#include "core/layers/spec.h"
#include "core/layers/spread.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    return {{"axis", spec.raw.integer("dim")}, {"index", spec.raw.integer("index")}};
}

/// Place of the op's index along an axis of `size`. Throws Error("shape-index").
std::int64_t placeIn(const Op& op, std::int64_t size)
{
    const std::int64_t index = op.attributes.integer("index"), place = index < 0 ? index + size : index;
    if (place < 0 || place >= size)
        throw Error("shape-index")
            .expected(fmt::format("an index into {} places", size))
            .found(std::to_string(index))
            .at(printable(op.name));
    return place;
}

std::vector<Value> infer(const Call& call)
{
    Value result = call.input();
    const std::size_t at = axisIn(call.op, result);
    const bool isBatch = result.axes.empty() ? at == 0 : result.axes[at].name == "N";
    if (isBatch)
        throw Error("shape-axis").expected("an axis other than the batch").found("the batch").at(printable(call.op.name));
    placeIn(call.op, result.shape[at]);
    const auto offset = static_cast<std::ptrdiff_t>(at);
    result.shape.erase(result.shape.begin() + offset);
    if (!result.axes.empty())
        result.axes.erase(result.axes.begin() + offset);
    return {result};
}

std::string difference(const Call& a, const Call& b)
{
    const Value *left = a.find(), *right = b.find();
    if (!left || !right)
        return {};
    const std::size_t at = axisIn(a.op, *left), from = axisIn(b.op, *right);
    const bool isTold = !left->axes.empty() && !right->axes.empty() && !left->axes[at].name.empty() && !right->axes[from].name.empty();
    return firstOf({isTold ? differs("axis", left->axes[at].name, right->axes[from].name) : std::string(),
                    differs("index", placeIn(a.op, left->shape[at]), placeIn(b.op, right->shape[from]))});
}

std::optional<Steps> spread(const Call& call, Framework framework, bool)
{
    if (framework != Framework::Keras)
        return {};
    const Shape& shape = call.input().shape;
    const std::size_t place = axisIn(call.op, call.input(), 1);
    const Shape result = infer(call).front().shape;
    return chainOf(cropping("place", shape, place, placeIn(call.op, shape[place]), 1, Shape(result.begin() + 1, result.end())));
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    return {fmt::format("[{}] along axis {}", op.attributes.integer("index", 0), op.attributes.integer("axis", 0))};
}

}

const Kind select{.id = "select",
                  .torchClasses = {"select"},
                  .kerasClasses = {},
                  .aten = {{"select", "select", {{"self", "input"}, {"dim", "dim"}, {"index", "index"}}}},
                  .effect = Effect::Reshapes,
                  .picks = true,
                  .fromTorch = fromTorch,
                  .infer = infer,
                  .difference = difference,
                  .words = words,
                  .spread = spread};

}
