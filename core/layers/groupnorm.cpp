// SPDX-License-Identifier: GPL-3.0-or-later
// groupnorm: groups (0: as many as channels, an instance norm), epsilon, axis (of the channels; own layout, batch included), scale, center.
// rmsnorm: epsilon, axis, scale. unitnorm: axis, floor (the least length that is divided by: Keras 2 and 3 differ).
#include "core/layers/normkinds.h"
#include "core/layers/spec.h"
#include "core/layers/turned.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    const bool isGroups = spec.className == "GroupNorm";
    if (!isGroups && (spec.raw.boolean("track_running_stats", false) || spec.parameters.contains("running_mean") ||
                      !spec.raw.boolean("use_input_stats", true)))
        unsupported("track_running_stats=True", "the statistics of each sample");
    return {{"groups", isGroups ? spec.raw.integer("num_groups") : std::int64_t{0}},
            {"epsilon", spec.raw.real("eps", 1e-5)},
            {"axis", std::int64_t{1}},
            {"scale", spec.parameters.contains("weight")},
            {"center", spec.parameters.contains("bias")}};
}

Attributes fromKeras(const KerasSpec& spec)
{
    const std::int64_t groups = kerasInt(spec.config, "groups", 32);
    return {{"groups", groups < 0 ? 0 : groups},
            {"epsilon", kerasReal(spec.config, "epsilon", 1e-3)},
            {"axis", kerasInt(spec.config, "axis", -1)},
            {"scale", kerasBool(spec.config, "scale", true)},
            {"center", kerasBool(spec.config, "center", true)}};
}

TorchSpec toTorch(const Op& op)
{
    const bool affine = op.attributes.boolean("scale", true);
    const std::int64_t groups = op.attributes.integer("groups");
    if (affine != op.attributes.boolean("center", true))
        throw Error("layer-no-twin").expected("scale and center both or neither").found("one of them").at(printable(op.name));
    if (op.attributes.integer("axis", 1) != 1)
        throw Error("layer-no-twin").expected("a normalization of the channels").found("another axis").at(printable(op.name));
    TorchSpec spec{"GroupNorm", {{"eps", op.attributes.real("epsilon")}, {"affine", affine}}, {}};
    if (groups != 0) // else a group for each channel, which the weights tell
        spec.raw.set("num_groups", groups);
    return spec;
}

Json toKeras(const Op& op)
{
    const std::int64_t groups = op.attributes.integer("groups");
    return {{"groups", groups == 0 ? -1 : groups},
            {"axis", op.attributes.integer("axis", -1)},
            {"epsilon", op.attributes.real("epsilon")},
            {"center", op.attributes.boolean("center", true)},
            {"scale", op.attributes.boolean("scale", true)}};
}

std::vector<Role> roles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    return rolesFrom(framework, {{"o", sizeAlong(settings, inputs), settings.integer("axis", -1)}},
                     {{"gamma", "weight", "gamma", "o", "o", settings.boolean("scale", true)},
                      {"beta", "bias", "beta", "o", "o", settings.boolean("center", true)}});
}

std::vector<Value> infer(const Call& call)
{
    const Value& in = call.input();
    const std::size_t place = axisIn(call.op, in, 1);
    const std::int64_t groups = call.op.attributes.integer("groups");
    if (in.shape.size() < 2 + (groups == 0 ? 1U : 0U) || (groups != 0 && in.shape[place] % groups != 0))
        throw Error("shape-groups")
            .expected(fmt::format("channels in {} groups", groups == 0 ? "their" : std::to_string(groups)))
            .found(text(in.shape))
            .at(printable(call.op.name));
    if (!in.axes.empty() && in.axes[0].name != "N")
        throw Error("shape-batch").expected("the batch in front").found(text(in.axes)).at(printable(call.op.name));
    return {in};
}

std::int64_t groupsIn(const Call& call)
{
    const std::int64_t groups = call.op.attributes.integer("groups", 0);
    const Value* in = call.find();
    return groups == 0 && in ? sizeAlong(call.op.attributes, std::span(in, 1)) : groups;
}

std::string difference(const Call& a, const Call& b)
{
    const std::int64_t ours = groupsIn(a), theirs = groupsIn(b);
    return firstOf({differs("epsilon", a.op.attributes.real("epsilon", 0), b.op.attributes.real("epsilon", 0)),
                    ours == 0 || theirs == 0 ? std::string() : differs("groups", ours, theirs), axisDiffers(a, b)});
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    if (!op.attributes.has("epsilon"))
        return {};
    return {fmt::format("ε {:g}", op.attributes.real("epsilon"))};
}

/// Keras multiplies along the last axis whatever axis was told (keras.ops.rms_normalization), so that only that one makes sense.
std::vector<Value> sameAlongLast(const Call& call)
{
    const Value& in = call.input();
    if (axisIn(call.op, in, 1) + 1 != in.shape.size())
        throw Error("shape-axis")
            .expected(fmt::format("the last axis of {}", text(in.shape)))
            .found(std::to_string(call.op.attributes.integer("axis", -1)))
            .at(printable(call.op.name));
    return {in};
}

std::string lineDiffers(const Call& a, const Call& b)
{
    return firstOf({differs("epsilon", a.op.attributes.real("epsilon", 0), b.op.attributes.real("epsilon", 0)), axisDiffers(a, b)});
}

Attributes rmsFromTorch(const TorchSpec& spec)
{
    if (spec.raw.integers("normalized_shape").size() != 1)
        unsupported("several dimensions normalised together", "the last dimension");
    return {{"epsilon", spec.raw.real("eps", 1.1920928955078125e-07)}, // torch.finfo(float32).eps stands for None
            {"axis", std::int64_t{-1}},
            {"scale", spec.parameters.contains("weight")}};
}

Attributes rmsFromKeras(const KerasSpec& spec)
{
    return {{"epsilon", kerasReal(spec.config, "epsilon", 1e-6)}, {"axis", kerasAxis(spec.config, "axis")}, {"scale", true}};
}

TorchSpec noTorchClass(const Op& op)
{
    throw Error("layer-no-twin").expected("a class of torch.nn").found(op.kind).at(printable(op.name));
}

TorchSpec rmsToTorch(const Op& op)
{
    if (op.attributes.integer("axis", -1) != -1)
        throw Error("layer-no-twin").expected("a normalization along the last axis").found("another").at(printable(op.name));
    return {"RMSNorm", {{"eps", op.attributes.real("epsilon")}, {"elementwise_affine", op.attributes.boolean("scale", true)}}, {}};
}

Json rmsToKeras(const Op& op)
{
    return {{"axis", op.attributes.integer("axis", -1)}, {"epsilon", op.attributes.real("epsilon")}};
}

std::vector<Role> rmsRoles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    return rolesFrom(framework, {{"o", sizeAlong(settings, inputs), settings.integer("axis", -1)}},
                     {{"gamma", "weight", "scale", "o", "o", settings.boolean("scale", true)}});
}

Attributes unitFromKeras(const KerasSpec& spec)
{
    return {{"axis", kerasAxis(spec.config, "axis")}, {"floor", isOfKeras3(spec, "UnitNormalization") ? 1e-12 : 1e-6}};
}

Json unitToKeras(const Op& op)
{
    return {{"axis", op.attributes.integer("axis", -1)}};
}

}

const Kind groupNorm{.id = "groupnorm",
                     .torchClasses = {"GroupNorm", "InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"},
                     .kerasClasses = {"GroupNormalization"},
                     .aten = {{"group_norm",
                               "GroupNorm",
                               {{"input", "input"}, {"num_groups", "num_groups"}, {"weight", "weight"}, {"bias", "bias"}, {"eps", "eps"}}},
                              {"instance_norm",
                               "InstanceNorm2d",
                               {{"input", "input"},
                                {"weight", "weight"},
                                {"bias", "bias"},
                                {"running_mean", "running_mean"},
                                {"running_var", "running_var"},
                                {"use_input_stats", "use_input_stats"},
                                {"momentum", "momentum"},
                                {"eps", "eps"}}}},
                     .effect = Effect::Keeps,
                     .family = "normalization/group",
                     .normalises = true,
                     .form = Form::Logits,
                     .fromTorch = fromTorch,
                     .fromKeras = fromKeras,
                     .toTorch = toTorch,
                     .toKeras = toKeras,
                     .roles = roles,
                     .inputAxes = featuresFirst,
                     .infer = infer,
                     .difference = difference,
                     .words = words,
                     .turned = turnedAxis};

const Kind rmsNorm{
    .id = "rmsnorm",
    .torchClasses = {"RMSNorm"},
    .kerasClasses = {"RMSNormalization"},
    .aten = {{"rms_norm", "RMSNorm", {{"input", "input"}, {"normalized_shape", "normalized_shape"}, {"weight", "weight"}, {"eps", "eps"}}}},
    .effect = Effect::Keeps,
    .normalises = true,
    .form = Form::Logits,
    .fromTorch = rmsFromTorch,
    .fromKeras = rmsFromKeras,
    .toTorch = rmsToTorch,
    .toKeras = rmsToKeras,
    .roles = rmsRoles,
    .infer = sameAlongLast,
    .difference = lineDiffers,
    .words = words,
    .turned = turnedAxis};

const Kind unitNorm{.id = "unitnorm",
                    .torchClasses = {},
                    .kerasClasses = {"UnitNormalization"},
                    .effect = Effect::Keeps,
                    .fromKeras = unitFromKeras,
                    .toTorch = noTorchClass,
                    .toKeras = unitToKeras,
                    .infer = sameBehindBatch,
                    .difference = lineDiffers,
                    .turned = turnedAxis};

}
