// SPDX-License-Identifier: GPL-3.0-or-later
// softmax, logsoftmax: axis in the own layout, batch included, may be negative.
#include "core/layers/spec.h"

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    return {{"axis", spec.raw.integer("dim", 1)}}; // dim=None means 1 for two and four dimensions (torch.nn.functional)
}

Attributes fromKeras(const KerasSpec& spec)
{
    const auto axis = spec.config.find("axis");
    const bool isList = axis != spec.config.end() && axis->is_array();
    return {{"axis", isList ? kerasInts(spec.config, "axis", 1, {-1})[0] : kerasInt(spec.config, "axis", -1)}};
}

Json softmaxToKeras(const Op& op)
{
    return {{"axis", op.attributes.integer("axis", -1)}};
}

Json logSoftmaxToKeras(const Op&)
{
    return {{"activation", "log_softmax"}};
}

Value infer(const Op& op, std::span<const Value> inputs)
{
    axisIn(op, inputs[0]);
    return inputs[0];
}

/// The axes are compared by their labels, so that dim 1 of N,C,H,W is axis -1 of N,H,W,C.
std::string difference(const Op& a, const Op& b, const Value* inputA, const Value* inputB)
{
    if (!inputA || !inputB || inputA->axes.empty() || inputB->axes.empty())
        return {};
    const Axis& left = inputA->axes[axisIn(a, *inputA)];
    const Axis& right = inputB->axes[axisIn(b, *inputB)];
    const bool both = indexOf(inputA->axes, right.name) >= 0 && indexOf(inputB->axes, left.name) >= 0;
    return both ? differs("axis", text(Axes{left}), text(Axes{right})) : std::string();
}

}

const Kind softmax{.id = "softmax",
                   .torchClasses = {"Softmax"},
                   .kerasClasses = {"Softmax"},
                   .roles = {},
                   .activation = true,
                   .fromTorch = fromTorch,
                   .fromKeras = fromKeras,
                   .toKeras = softmaxToKeras,
                   .infer = infer,
                   .difference = difference};

const Kind logSoftmax{.id = "logsoftmax",
                      .torchClasses = {"LogSoftmax"},
                      .kerasClasses = {},
                      .roles = {},
                      .activation = true,
                      .fromTorch = fromTorch,
                      .fromKeras = fromKeras,
                      .toKeras = logSoftmaxToKeras,
                      .infer = infer,
                      .difference = difference};

}
