// SPDX-License-Identifier: GPL-3.0-or-later
// add, subtract, multiply, divide, average, maximum, minimum: two or more inputs of one rank, element by element, sizes of 1 stretched.
#include "core/layers/merging.h"

#include "core/layers/mergekinds.h"
#include "core/layers/spec.h"
#include "core/layers/turned.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    if (spec.raw.real("alpha", 1) != 1)
        unsupported("a factor alpha", "alpha 1");
    if (spec.raw.has("other"))
        unsupported("arithmetic with a number", "two tensors");
    if (spec.raw.has("rounding_mode"))
        unsupported("a rounded quotient", "true division");
    return {};
}

TorchSpec toTorch(const Op& op)
{
    throw Error("layer-no-twin").expected("a class of torch.nn").found(op.kind).at(printable(op.name));
}

std::vector<Value> infer(const Call& call)
{
    const std::vector<Value> inputs = call.inputs();
    if (const auto result = merged(inputs))
        return {*result};
    std::string shapes;
    for (const Value& input : inputs)
        shapes += (shapes.empty() ? "" : ", ") + text(input.shape);
    throw Error("shape-merge").expected("inputs of one rank, whose sizes are equal or 1").found(shapes).at(printable(call.op.name));
}

/// `aten`: the operator that computes it, if any.
Kind merging(std::string_view id, std::string_view keras, std::string_view aten, bool commutes, std::size_t most = Takes::any)
{
    Kind kind{.id = id,
              .torchClasses = {},
              .kerasClasses = {},
              .effect = Effect::Merges,
              .commutes = commutes,
              .fromTorch = fromTorch,
              .fromKeras = noKerasSettings,
              .toTorch = toTorch,
              .toKeras = noKerasConfig,
              .takes = {2, most, {}},
              .infer = infer,
              .difference = noDifference,
              .turned = turnedMerge};
    if (!keras.empty())
        kind.kerasClasses = {keras};
    const std::string_view setting = aten == "div" ? "rounding_mode" : "alpha";
    if (!aten.empty())
        kind.aten = {{aten, aten, {{"self", "input"}, {"other", "other"}, {setting, setting}}}};
    if (!aten.empty())
        kind.torchClasses = {aten};
    return kind;
}

}

Axis sameOrLost(const Axis& a, const Axis& b)
{
    const auto isFeatures = [](const Axis& axis) { return axis.order() == Order::Plain && (axis.name == "C" || axis.name == "F"); };
    return a == b || (isFeatures(a) && isFeatures(b))
               ? a
               : lostAxis(a.name == b.name ? a.name : std::string(), "what is merged there is in different orders");
}

std::optional<Value> merged(std::span<const Value> inputs)
{
    Value out = inputs[0];
    for (const Value& input : inputs) {
        if (input.shape.size() != out.shape.size())
            return {};
        if (input.axes.size() != input.shape.size())
            out.axes.clear();
        for (std::size_t d = 0; d < out.shape.size(); ++d) {
            const bool isWider = out.shape[d] == 1 && input.shape[d] != 1;
            if (!isWider && input.shape[d] != 1 && input.shape[d] != out.shape[d])
                return {};
            if (!out.axes.empty() && (isWider || input.shape[d] == out.shape[d]))
                out.axes[d] = isWider ? input.axes[d] : sameOrLost(out.axes[d], input.axes[d]);
            out.shape[d] = isWider ? input.shape[d] : out.shape[d];
        }
    }
    return out;
}

const Kind add = merging("add", "Add", "add", true);
const Kind subtract = merging("subtract", "Subtract", "sub", false, 2);
const Kind multiply = merging("multiply", "Multiply", "mul", true);
const Kind divide = merging("divide", {}, "div", false, 2);
const Kind average = merging("average", "Average", {}, true);
const Kind maximum = merging("maximum", "Maximum", "maximum", true);
const Kind minimum = merging("minimum", "Minimum", "minimum", true);

}
