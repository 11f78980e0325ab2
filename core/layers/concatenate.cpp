// SPDX-License-Identifier: GPL-3.0-or-later
// concatenate: axis, batch included, negative from the end; never the batch itself.
#include "core/layers/mergekinds.h"
#include "core/layers/merging.h"
#include "core/layers/spec.h"
#include "core/layers/turned.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    return {{"axis", spec.raw.integer("dim", 0)}};
}

Attributes fromKeras(const KerasSpec& spec)
{
    return {{"axis", kerasInt(spec.config, "axis", -1)}};
}

Json toKeras(const Op& op)
{
    return {{"axis", op.attributes.integer("axis", -1)}};
}

TorchSpec toTorch(const Op& op)
{
    throw Error("layer-no-twin").expected("a class of torch.nn").found(op.kind).at(printable(op.name));
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    return {fmt::format("axis {}", op.attributes.integer("axis", -1))};
}

const std::vector<std::pair<std::string_view, std::string_view>> arguments{{"tensors", "input"}, {"dim", "dim"}};

std::vector<Value> infer(const Call& call)
{
    const std::vector<Value> inputs = call.inputs();
    if (const auto result = joined(inputs, axisIn(call.op, inputs[0], 1)))
        return {*result};
    std::string shapes;
    for (const Value& input : inputs)
        shapes += (shapes.empty() ? "" : ", ") + text(input.shape);
    throw Error("shape-concatenate")
        .expected(fmt::format("inputs whose sizes differ along axis {} only", call.op.attributes.integer("axis", -1)))
        .found(shapes)
        .at(printable(call.op.name));
}

std::string difference(const Call& a, const Call& b)
{
    const Value *left = a.find(), *right = b.find();
    if (!left || !right || left->axes.empty() || right->axes.empty())
        return {};
    const Axis &ours = left->axes[axisIn(a.op, *left, 1)], &theirs = right->axes[axisIn(b.op, *right, 1)];
    const bool isTold = !ours.name.empty() && !theirs.name.empty() && left->shape.size() == right->shape.size();
    return isTold && ours.name != theirs.name ? differs("axis", text(Axes{ours}), text(Axes{theirs})) : std::string();
}

}

std::optional<Value> joined(std::span<const Value> inputs, std::size_t at)
{
    Value out = inputs[0];
    Axis whole;
    std::int64_t size = 0;
    bool isPlain = true;
    for (const Value& input : inputs) {
        if (input.shape.size() != out.shape.size() || __builtin_add_overflow(size, input.shape[at], &size))
            return {};
        for (std::size_t d = 0; d < out.shape.size(); ++d)
            if (d != at && input.shape[d] != out.shape[d])
                return {};
        if (input.axes.size() != input.shape.size())
            out.axes.clear();
        if (out.axes.empty())
            continue;
        for (std::size_t d = 0; d < out.shape.size(); ++d)
            if (d != at)
                out.axes[d] = sameOrLost(out.axes[d], input.axes[d]);
        const Axis& own = input.axes[at];
        isPlain = isPlain && own.order() == Order::Plain;
        if (own.order() == Order::Unknown)
            whole.unknownBecause = own.unknownBecause;
        if (own.segments.empty()) {
            whole.segments.push_back(own);
            whole.segments.back().size = input.shape[at];
        } else {
            whole.segments.insert(whole.segments.end(), own.segments.begin(), own.segments.end());
        }
    }
    if (!whole.unknownBecause.empty())
        whole.segments.clear();
    if (!out.axes.empty())
        out.axes[at] = isPlain ? Axis{out.axes[at].name, {}} : whole;
    out.shape[at] = size;
    return out;
}

const Kind concatenate{.id = "concatenate",
                       .torchClasses = {"cat"},
                       .kerasClasses = {"Concatenate"},
                       .aten = {{"cat", "cat", arguments}, {"concat", "cat", arguments}, {"concatenate", "cat", arguments}},
                       .effect = Effect::Joins,
                       .fromTorch = fromTorch,
                       .fromKeras = fromKeras,
                       .toTorch = toTorch,
                       .toKeras = toKeras,
                       .takes = {2, Takes::any, {}},
                       .infer = infer,
                       .difference = difference,
                       .words = words,
                       .turned = turnedMerge};

}
