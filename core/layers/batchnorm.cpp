// SPDX-License-Identifier: GPL-3.0-or-later
// batchnorm: epsilon, momentum (as PyTorch counts it: the share of the new batch), axis (own layout, batch included), scale, center.
#include "core/base/decimal.h"
#include "core/layers/normkinds.h"
#include "core/layers/spec.h"
#include "core/layers/turned.h"

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

TorchSpec toTorch(const Op& op)
{
    const bool affine = op.attributes.boolean("scale", true);
    if (affine != op.attributes.boolean("center", true))
        throw Error("layer-no-twin").expected("scale and center both or neither").found("one of them").at(printable(op.name));
    if (op.attributes.integer("axis", 1) != 1)
        throw Error("layer-no-twin").expected("a normalization of the channels").found("another axis").at(printable(op.name));
    return {
        "BatchNorm2d", {{"eps", op.attributes.real("epsilon")}, {"momentum", op.attributes.real("momentum", 0.1)}, {"affine", affine}}, {}};
}

void fromAten(std::string_view, TorchSpec& spec)
{
    const bool affine = spec.parameters.contains("weight");
    const auto sized = spec.parameters.find(affine ? "weight" : "running_mean");
    if (sized == spec.parameters.end() || sized->second.empty())
        return;
    spec.raw.set("num_features", sized->second[0]);
    spec.raw.set("affine", affine);
}

std::vector<Role> roles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    const std::int64_t axis = settings.integer("axis", -1);
    const auto rank = inputs.empty() ? 0 : static_cast<std::int64_t>(inputs[0].shape.size());
    const std::int64_t place = axis < 0 ? axis + rank : axis;
    const std::int64_t channels = place < 0 || place >= rank ? 0 : inputs[0].shape[static_cast<std::size_t>(place)];
    return rolesFrom(framework, {{"o", channels, axis}},
                     {{"gamma", "weight", "gamma", "o", "o", settings.boolean("scale", true)},
                      {"beta", "bias", "beta", "o", "o", settings.boolean("center", true)},
                      {"mean", "running_mean", "moving_mean", "o", "o", true, true},
                      {"variance", "running_var", "moving_variance", "o", "o", true, true},
                      {"count", "num_batches_tracked", "", "", "", true, true}});
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    return {fmt::format("ε {:g}", op.attributes.real("epsilon", 0))};
}

std::vector<Value> infer(const Call& call)
{
    axisIn(call.op, call.input(), 1);
    return {call.input()};
}

std::string difference(const Call& a, const Call& b)
{
    return firstOf({differs("epsilon", a.op.attributes.real("epsilon", 0), b.op.attributes.real("epsilon", 0)), axisDiffers(a, b)});
}

}

const Kind batchNorm{.id = "batchnorm",
                     .torchClasses = {"BatchNorm2d", "BatchNorm1d", "BatchNorm3d", "SyncBatchNorm"},
                     .kerasClasses = {"BatchNormalization"},
                     .aten = {{"batch_norm",
                               "BatchNorm2d",
                               {{"input", "input"},
                                {"weight", "weight"},
                                {"bias", "bias"},
                                {"running_mean", "running_mean"},
                                {"running_var", "running_var"},
                                {"training", "training"},
                                {"momentum", "momentum"},
                                {"eps", "eps"}}},
                              {"_native_batch_norm_legit_no_training",
                               "BatchNorm2d",
                               {{"input", "input"},
                                {"weight", "weight"},
                                {"bias", "bias"},
                                {"running_mean", "running_mean"},
                                {"running_var", "running_var"},
                                {"momentum", "momentum"},
                                {"eps", "eps"}}}},
                     .effect = Effect::Keeps,
                     .normalises = true,
                     .form = Form::Logits,
                     .fromTorch = fromTorch,
                     .fromKeras = fromKeras,
                     .toTorch = toTorch,
                     .toKeras = toKeras,
                     .fromAten = fromAten,
                     .roles = roles,
                     .inputAxes = featuresFirst,
                     .infer = infer,
                     .difference = difference,
                     .words = words,
                     .turned = turnedChannels};

}
