// SPDX-License-Identifier: GPL-3.0-or-later
// softmax, logsoftmax: axis in the own layout, batch included, may be negative; or implicit, PyTorch's choice by the rank. softmax:
// negated, of -x (Softmin), where it is.
#include "core/layers/pointkinds.h"
#include "core/layers/spec.h"
#include "core/layers/turned.h"

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    if (spec.className == "Softmax2d")
        return {{"axis", std::int64_t{-3}}};
    Attributes result;
    if (spec.raw.has("dim"))
        result.set("axis", spec.raw.integer("dim"));
    else
        result.set("implicit", true);
    if (spec.className == "Softmin")
        result.set("negated", true);
    return result;
}

Attributes fromKeras(const KerasSpec& spec)
{
    const auto axis = spec.config.find("axis");
    const bool isList = axis != spec.config.end() && axis->is_array();
    return {{"axis", isList ? kerasInts(spec.config, "axis", 1, {-1})[0] : kerasInt(spec.config, "axis", -1)}};
}

/// The op with its axis told, for an input of that rank.
Op explicitAxis(const Op& op, std::size_t rank)
{
    Op result = op;
    result.attributes.set("axis", softmaxAxis(op, rank));
    return result;
}

Json softmaxToKeras(const Op& op)
{
    if (op.attributes.boolean("negated", false))
        throw Error("layer-no-twin").expected("a softmax").found("that of negated values").at(printable(op.name));
    if (op.attributes.boolean("implicit", false))
        throw Error("layer-no-twin").expected("a softmax that tells its axis").found("dim None").at(printable(op.name));
    return {{"axis", op.attributes.integer("axis", -1)}};
}

Json logSoftmaxToKeras(const Op&)
{
    return {{"activation", "log_softmax"}};
}

template <const char* Class>
TorchSpec toTorch(const Op& op)
{
    TorchSpec spec{op.attributes.boolean("negated", false) ? "Softmin" : Class, {}, {}};
    if (!op.attributes.boolean("implicit", false))
        spec.raw.set("dim", op.attributes.integer("axis", -1));
    return spec;
}

std::vector<Value> infer(const Call& call)
{
    axisIn(explicitAxis(call.op, call.input().shape.size()), call.input());
    return {call.input()};
}

std::string difference(const Call& a, const Call& b)
{
    const Value *inputA = a.find(), *inputB = b.find();
    if (!inputA || !inputB)
        return {};
    const Op left = explicitAxis(a.op, inputA->shape.size()), right = explicitAxis(b.op, inputB->shape.size());
    return firstOf({differs("negated", a.op.attributes.boolean("negated", false), b.op.attributes.boolean("negated", false)),
                    axisDiffers(Call(left, {inputA}), Call(right, {inputB}))});
}

constexpr char softmaxClass[] = "Softmax", logSoftmaxClass[] = "LogSoftmax";

std::vector<AtenForm> forms(std::string_view name, std::string_view coreName, std::string_view className)
{
    return {{name, className, {{"self", "input"}, {"dim", "dim"}, {"dtype", "dtype"}}},
            {coreName, className, {{"self", "input"}, {"dim", "dim"}, {"half_to_float", "half_to_float"}}}};
}

}

std::int64_t softmaxAxis(const Op& op, std::size_t rank)
{
    if (!op.attributes.boolean("implicit", false))
        return op.attributes.integer("axis", -1);
    return rank == 0 || rank == 1 || rank == 3 ? 0 : 1;
}

const Kind softmax{.id = "softmax",
                   .torchClasses = {"Softmax", "Softmax2d", "Softmin"},
                   .kerasClasses = {"Softmax"},
                   .kerasActivations = {"softmax"},
                   .aten = forms("softmax", "_softmax", softmaxClass),
                   .effect = Effect::Keeps,
                   .activation = true,
                   .form = Form::Probabilities,
                   .fromTorch = fromTorch,
                   .fromKeras = fromKeras,
                   .toTorch = toTorch<softmaxClass>,
                   .toKeras = softmaxToKeras,
                   .infer = infer,
                   .difference = difference,
                   .turned = turnedAmounts};

const Kind logSoftmax{.id = "logsoftmax",
                      .torchClasses = {"LogSoftmax"},
                      .kerasClasses = {},
                      .kerasActivations = {"log_softmax"},
                      .aten = forms("log_softmax", "_log_softmax", logSoftmaxClass),
                      .effect = Effect::Keeps,
                      .activation = true,
                      .form = Form::LogProbabilities,
                      .fromTorch = fromTorch,
                      .fromKeras = fromKeras,
                      .toTorch = toTorch<logSoftmaxClass>,
                      .toKeras = logSoftmaxToKeras,
                      .infer = infer,
                      .difference = difference,
                      .turned = turnedAmounts};

}
