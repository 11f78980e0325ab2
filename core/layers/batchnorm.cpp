// SPDX-License-Identifier: GPL-3.0-or-later
// batchnorm: epsilon, momentum (as PyTorch counts it: the share of the new batch), axis (own layout, batch included), scale, center.
#include "core/base/decimal.h"
#include "core/layers/spec.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    if (!spec.raw.boolean("track_running_stats", true))
        unsupported("track_running_stats=False", "running statistics");
    const bool affine = spec.raw.boolean("affine", true);
    Attributes canonical{{"epsilon", spec.raw.real("eps", 1e-5)}, {"axis", std::int64_t{1}}, {"scale", affine}, {"center", affine}};
    if (spec.raw.has("momentum")) // None, a cumulative average, has no twin and no effect at inference
        canonical.set("momentum", spec.raw.real("momentum"));
    return canonical;
}

std::int64_t axisOf(const Json& config)
{
    const auto axis = config.find("axis");
    const bool isList = axis != config.end() && (axis->is_array() || axis->is_object()); // tf.keras writes [3]
    return isList ? kerasInts(config, "axis", 1, {-1})[0] : kerasInt(config, "axis", -1);
}

Attributes fromKeras(const KerasSpec& spec)
{
    if (kerasBool(spec.config, "renorm", false))
        unsupported("renorm", "plain batch normalization");
    return {{"epsilon", kerasReal(spec.config, "epsilon", 1e-3)},
            {"momentum", 1.0 - kerasReal(spec.config, "momentum", 0.99)},
            {"axis", axisOf(spec.config)},
            {"scale", kerasBool(spec.config, "scale", true)},
            {"center", kerasBool(spec.config, "center", true)}};
}

Json toKeras(const Op& op)
{
    // 1 - (1 - m) is not m in binary; twelve digits are what people wrote
    const double momentum = roundedDecimal(1.0 - op.attributes.real("momentum", 0.1), 12);
    return {{"axis", op.attributes.integer("axis", -1)},
            {"momentum", momentum},
            {"epsilon", op.attributes.real("epsilon")},
            {"center", op.attributes.boolean("center", true)},
            {"scale", op.attributes.boolean("scale", true)}};
}

Value infer(const Op& op, std::span<const Value> inputs)
{
    axisIn(op, inputs[0], 1);
    return inputs[0];
}

std::int64_t axisSize(const Op& op, char, const Value* input)
{
    return input ? input->shape[axisIn(op, *input, 1)] : 0;
}

std::string difference(const Op& a, const Op& b, const Value*, const Value*)
{
    return differs("epsilon", a.attributes.real("epsilon", 0), b.attributes.real("epsilon", 0));
}

}

const Kind batchNorm{.id = "batchnorm",
                     .torchClasses = {"BatchNorm2d", "BatchNorm1d"},
                     .kerasClasses = {"BatchNormalization"},
                     .roles = {{"gamma", "weight", "gamma", "o", "o"},
                               {"beta", "bias", "beta", "o", "o"},
                               {"mean", "running_mean", "moving_mean", "o", "o", true},
                               {"variance", "running_var", "moving_variance", "o", "o", true},
                               {"count", "num_batches_tracked", "", "", "", true}},
                     .fromTorch = fromTorch,
                     .fromKeras = fromKeras,
                     .toKeras = toKeras,
                     .infer = infer,
                     .axisSize = axisSize,
                     .difference = difference};

}
