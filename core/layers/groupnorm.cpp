// SPDX-License-Identifier: GPL-3.0-or-later
// groupnorm: groups (0: as many as channels, an instance norm), epsilon, axis (of the channels; own layout, batch included), scale, center.
// rmsnorm: epsilon, axis, scale. unitnorm: axis. normalization: axis; mean and variance as they were found.
#include "core/layers/normkinds.h"
#include "core/layers/spec.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    const bool isGroups = spec.className == "GroupNorm";
    if (!isGroups && (spec.raw.boolean("track_running_stats", false) || spec.parameters.contains("running_mean")))
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
    if (affine != op.attributes.boolean("center", true) || groups == 0)
        throw Error("layer-no-twin").expected("groups, and scale and center both or neither").found("others").at(printable(op.name));
    return {"GroupNorm", {{"num_groups", groups}, {"eps", op.attributes.real("epsilon")}, {"affine", affine}}, {}};
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

std::int64_t channelsOf(const Attributes& settings, std::span<const Value> inputs)
{
    const std::int64_t axis = settings.integer("axis", -1), rank = inputs.empty() ? 0 : static_cast<std::int64_t>(inputs[0].shape.size());
    const std::int64_t place = axis < 0 ? axis + rank : axis;
    return place < 0 || place >= rank ? 0 : inputs[0].shape[static_cast<std::size_t>(place)];
}

std::vector<Role> roles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    return rolesFrom(framework, {{"o", channelsOf(settings, inputs), settings.integer("axis", -1)}},
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
    return groups == 0 && in ? channelsOf(call.op.attributes, std::span(in, 1)) : groups;
}

std::string difference(const Call& a, const Call& b)
{
    const std::int64_t ours = groupsIn(a), theirs = groupsIn(b);
    return firstOf({differs("epsilon", a.op.attributes.real("epsilon", 0), b.op.attributes.real("epsilon", 0)),
                    ours == 0 || theirs == 0 ? std::string() : differs("groups", ours, theirs)});
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    return {fmt::format("ε {:g}", op.attributes.real("epsilon", 0))};
}

std::vector<Value> sameBehindBatch(const Call& call)
{
    axisIn(call.op, call.input(), 1);
    return {call.input()};
}

std::string axesDiffer(const Call& a, const Call& b)
{
    const Value *left = a.find(), *right = b.find();
    const bool isTold = left && right && !left->axes.empty() && !right->axes.empty();
    const std::string axis =
        isTold ? differs("axis", text(Axes{left->axes[axisIn(a.op, *left)]}), text(Axes{right->axes[axisIn(b.op, *right)]}))
               : std::string();
    return firstOf({differs("epsilon", a.op.attributes.real("epsilon", 0), b.op.attributes.real("epsilon", 0)), axis});
}

std::int64_t oneAxis(const Json& config, const char* key)
{
    const auto axis = config.find(key);
    const bool isList = axis != config.end() && (axis->is_array() || axis->is_object());
    const Ints axes = isList ? kerasList(config, key) : Ints{kerasInt(config, key, -1)};
    if (axes.size() != 1)
        unsupported("axes " + text(axes), "one axis");
    return axes[0];
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
    return {{"epsilon", kerasReal(spec.config, "epsilon", 1e-6)}, {"axis", oneAxis(spec.config, "axis")}, {"scale", true}};
}

TorchSpec noTorchClass(const Op& op)
{
    throw Error("layer-no-twin").expected("a class of torch.nn").found(op.kind).at(printable(op.name));
}

Json rmsToKeras(const Op& op)
{
    return {{"axis", op.attributes.integer("axis", -1)}, {"epsilon", op.attributes.real("epsilon")}};
}

std::vector<Role> rmsRoles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    return rolesFrom(framework, {{"o", channelsOf(settings, inputs), settings.integer("axis", -1)}},
                     {{"gamma", "weight", "scale", "o", "o", settings.boolean("scale", true)}});
}

Attributes unitFromKeras(const KerasSpec& spec)
{
    return {{"axis", oneAxis(spec.config, "axis")}};
}

Json unitToKeras(const Op& op)
{
    return {{"axis", op.attributes.integer("axis", -1)}};
}

Attributes foundFromKeras(const KerasSpec& spec)
{
    for (const char* key : {"mean", "variance"})
        if (const auto given = spec.config.find(key); given != spec.config.end() && !given->is_null())
            unsupported(std::string("a ") + key + " in the configuration", "mean and variance that the layer found");
    if (kerasBool(spec.config, "invert", false))
        unsupported("invert", "normalization");
    return {{"axis", oneAxis(spec.config, "axis")}};
}

std::vector<Role> foundRoles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    return rolesFrom(framework, {{"o", channelsOf(settings, inputs), settings.integer("axis", -1)}},
                     {{"mean", "mean", "mean", "o", "o", true, true},
                      {"variance", "variance", "variance", "o", "o", true, true},
                      {"count", "count", "count", "", "", true, true}});
}

}

const Kind groupNorm{.id = "groupnorm",
                     .torchClasses = {"GroupNorm", "InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"},
                     .kerasClasses = {"GroupNormalization"},
                     .aten = {{"group_norm",
                               "GroupNorm",
                               {{"input", "input"}, {"num_groups", "num_groups"}, {"weight", "weight"}, {"bias", "bias"}, {"eps", "eps"}}}},
                     .effect = Effect::Keeps,
                     .family = "normalization/group",
                     .normalises = true,
                     .form = Form::Logits,
                     .fromTorch = fromTorch,
                     .fromKeras = fromKeras,
                     .toTorch = toTorch,
                     .toKeras = toKeras,
                     .roles = roles,
                     .infer = infer,
                     .difference = difference,
                     .words = words};

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
    .toTorch = noTorchClass,
    .toKeras = rmsToKeras,
    .roles = rmsRoles,
    .infer = sameBehindBatch,
    .difference = axesDiffer,
    .words = words};

const Kind unitNorm{.id = "unitnorm",
                    .torchClasses = {},
                    .kerasClasses = {"UnitNormalization"},
                    .effect = Effect::Keeps,
                    .fromKeras = unitFromKeras,
                    .toTorch = noTorchClass,
                    .toKeras = unitToKeras,
                    .infer = sameBehindBatch,
                    .difference = axesDiffer};

const Kind normalization{.id = "normalization",
                         .torchClasses = {},
                         .kerasClasses = {"Normalization"},
                         .effect = Effect::Keeps,
                         .fromKeras = foundFromKeras,
                         .toTorch = noTorchClass,
                         .toKeras = unitToKeras,
                         .roles = foundRoles,
                         .infer = sameBehindBatch,
                         .difference = axesDiffer};

}
