// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/attentionkinds.h"
#include "core/layers/imagekinds.h"
#include "core/layers/mergekinds.h"
#include "core/layers/normkinds.h"
#include "core/layers/pointkinds.h"
#include "core/layers/sequencekinds.h"
#include "core/layers/shapekinds.h"
#include "core/layers/spec.h"

#include <algorithm>
#include <array>

namespace core::layers {

namespace {

constexpr auto table = std::to_array<const Kind*>({
    // shapes
    &inputKind,
    &flatten,
    &dropout,
    &identity,
    &noise,
    &select,
    &reshape,
    &permute,
    &repeatVector,
    &squeeze,
    &unsqueeze,
    &expand,
    &tile,
    &slice,
    &split,
    &stack,
    // images
    &conv1d,
    &conv2d,
    &conv3d,
    &convTranspose1d,
    &convTranspose2d,
    &convTranspose3d,
    &avgPool1d,
    &avgPool2d,
    &avgPool3d,
    &maxPool1d,
    &maxPool2d,
    &maxPool3d,
    &globalAvgPool1d,
    &globalAvgPool2d,
    &globalAvgPool3d,
    &globalMaxPool1d,
    &globalMaxPool2d,
    &globalMaxPool3d,
    &adaptiveAvgPool1d,
    &adaptiveAvgPool2d,
    &adaptiveAvgPool3d,
    &adaptiveMaxPool1d,
    &adaptiveMaxPool2d,
    &adaptiveMaxPool3d,
    &lpPool1d,
    &lpPool2d,
    &lpPool3d,
    &pixelShuffle,
    &pixelUnshuffle,
    &channelShuffle,
    &centerCrop,
    &resize,
    &zeroPad1d,
    &zeroPad2d,
    &zeroPad3d,
    // normalisations
    &batchNorm,
    &layerNorm,
    &groupNorm,
    &rmsNorm,
    &unitNorm,
    &normalization,
    // points
    &linear,
    &tanhKind,
    &reluKind,
    &clippedRelu,
    &leakyRelu,
    &elu,
    &selu,
    &gelu,
    &silu,
    &softplus,
    &softsign,
    &exponential,
    &hardSwish,
    &mish,
    &sigmoidKind,
    &softmax,
    &logSoftmax,
    &celu,
    &hardSigmoid,
    &clip,
    &thresholdCut,
    &hardShrink,
    &softShrink,
    &tanhShrink,
    &logSigmoid,
    &prelu,
    &glu,
    &affine,
    &power,
    &absolute,
    &squareRoot,
    &logarithm,
    &sine,
    &cosine,
    &meanOver,
    &sumOver,
    &highest,
    &lowest,
    // merges
    &concatenate,
    &add,
    &subtract,
    &multiply,
    &divide,
    &average,
    &maximum,
    &minimum,
    // sequences
    &lstm,
    &gru,
    &rnn,
    &embedding,
    &masking,
    // attention
    &dot,
    &bilinear,
    &multihead,
    &attention,
    &additiveAttention,
});

template <typename Matches>
const Kind* find(Matches matches)
{
    const auto found = std::find_if(table.begin(), table.end(), [&](const Kind* k) { return matches(*k); });
    return found == table.end() ? nullptr : *found;
}

bool contains(const std::vector<std::string_view>& names, std::string_view wanted)
{
    return std::find(names.begin(), names.end(), wanted) != names.end();
}

}

namespace {

bool isNothing(const Json& config, const char* key)
{
    const auto found = config.find(key);
    return found == config.end() || found->is_null() || (found->is_number() && *found == 0);
}

/// Without bound and slope: PyTorch's Threshold with the value 0.
bool isThresholdAlone(const Json& config)
{
    const auto most = config.find("max_value");
    return (most == config.end() || most->is_null()) && isNothing(config, "negative_slope");
}

/// Without a threshold too: the activation that goes by its name.
bool isPlainRelu(const Json& config)
{
    return isThresholdAlone(config) && isNothing(config, "threshold");
}

/// A clamp from 0 on is a ReLU, with a bound or without.
const Kind* clampFromZero(const TorchSpec& spec)
{
    const bool isClass = spec.className == "Hardtanh";
    const auto isZero = [](const Attribute& value) { return value == Attribute(0.0) || value == Attribute(std::int64_t{0}); };
    const bool isFromZero = std::any_of(spec.raw.begin(), spec.raw.end(),
                                        [&](const auto& setting) { return setting.first == "min_val" && isZero(setting.second); });
    if ((!isClass && spec.className != "clamp") || !isFromZero)
        return nullptr;
    return isClass || spec.raw.has("max_val") ? &clippedRelu : &reluKind;
}

}

std::span<const Kind* const> kinds()
{
    return table;
}

const Kind* kind(std::string_view id)
{
    return find([&](const Kind& k) { return k.id == id; });
}

const Kind* kindOfTorch(std::string_view className)
{
    return find([&](const Kind& k) { return contains(k.torchClasses, className); });
}

const Kind* kindOfTorch(const TorchSpec& spec)
{
    const Kind* adaptive = adaptivePooling(spec);
    const Kind* special = adaptive ? adaptive : clampFromZero(spec);
    return special ? special : kindOfTorch(spec.className);
}

const Kind* kindOfKeras(const KerasSpec& spec)
{
    if (const Kind* whole = globalPooling(spec))
        return whole;
    if (spec.className == "ReLU" && !isPlainRelu(spec.config))
        return isThresholdAlone(spec.config) ? &thresholdCut : &clippedRelu;
    if (spec.className != "Activation")
        return find([&](const Kind& k) { return contains(k.kerasClasses, spec.className); });
    const auto activation = spec.config.find("activation");
    if (activation == spec.config.end() || activation->is_null())
        return &identity;
    if (!activation->is_string())
        return nullptr;
    const std::string name = activation->get<std::string>();
    return contains(identity.kerasActivations, name) ? &identity : kindOfActivation(name);
}

const Kind* kindOfClass(std::string_view className)
{
    return find([&](const Kind& k) { return contains(k.torchClasses, className) || contains(k.kerasClasses, className); });
}

const Kind* kindOfActivation(std::string_view kerasName)
{
    return find([&](const Kind& k) { return k.activation && contains(k.kerasActivations, kerasName); });
}

std::vector<Role> rolesOf(const Op& op, Framework framework, std::span<const Value> inputs)
{
    const Kind* k = kind(op.kind);
    return k && k->roles ? k->roles(op.attributes, framework, inputs) : std::vector<Role>();
}

std::optional<Role> roleNamed(const Kind& kind, Framework framework, std::string_view name)
{
    const std::vector<Role> roles = kind.roles ? kind.roles({}, framework, {}) : std::vector<Role>();
    const auto found = std::find_if(roles.begin(), roles.end(), [&](const Role& role) { return role.name == name; });
    return found == roles.end() ? std::nullopt : std::optional(*found);
}

std::vector<RoleGroup> groupsOf(const Op& a, Framework ofA, const Op& b, Framework ofB)
{
    const Kind* k = a.kind == b.kind ? kind(a.kind) : nullptr;
    std::vector<RoleGroup> result = k && k->groups ? k->groups(a.attributes, ofA, b.attributes, ofB) : std::vector<RoleGroup>();
    const auto lacks = [](const Op& op, const std::vector<std::string>& roles) {
        return std::any_of(roles.begin(), roles.end(), [&](const std::string& role) { return !op.parameters.contains(role); });
    };
    std::erase_if(result, [&](const RoleGroup& group) { return lacks(a, group.a) || lacks(b, group.b); });
    return result;
}

std::vector<std::string> roleNames(const Op& a, Framework ofA, const Op& b, Framework ofB)
{
    std::vector<std::string> result;
    for (const auto& roles : {rolesOf(a, ofA), rolesOf(b, ofB)})
        for (const Role& role : roles)
            if (std::find(result.begin(), result.end(), role.role) == result.end())
                result.push_back(role.role);
    return result;
}

const AtenForm* atenForm(std::string_view name)
{
    for (const Kind* k : table)
        for (const AtenForm& form : k->aten)
            if (form.name == name)
                return &form;
    return nullptr;
}

}
