// SPDX-License-Identifier: GPL-3.0-or-later
// normalization: axis (own layout, batch included), invert; mean and variance: lists that the file's configuration tells, one value or one
// for each place along the axis. Without them they are parameters, as they were found.
#include "core/layers/normkinds.h"
#include "core/layers/spec.h"

#include <array>

namespace core::layers {

namespace {

constexpr std::array<const char*, 2> statistics{"mean", "variance"};

bool isTold(const Json& config, const char* key)
{
    const auto found = config.find(key);
    return found != config.end() && !found->is_null();
}

/// One axis, or none where one value serves all.
bool hasAxis(const Json& config)
{
    const auto axis = config.find("axis");
    return axis == config.end() || !(axis->is_null() || (axis->is_array() && axis->empty()));
}

Attributes fromKeras(const KerasSpec& spec)
{
    Attributes result{{"axis", hasAxis(spec.config) ? kerasAxis(spec.config, "axis") : std::int64_t{-1}},
                      {"invert", kerasBool(spec.config, "invert", false)}};
    for (const char* key : statistics)
        if (isTold(spec.config, key))
            result.set(key, kerasReals(spec.config, key));
    if (result.has("mean") != result.has("variance"))
        unsupported("one of mean and variance", "both or neither");
    if (!hasAxis(spec.config) && (!result.has("mean") || result.reals("mean").size() != 1 || result.reals("variance").size() != 1))
        unsupported("one mean of all axes that the layer found", "one that is told, or one axis");
    return result;
}

TorchSpec toTorch(const Op& op)
{
    throw Error("layer-no-twin").expected("a class of torch.nn").found(op.kind).at(printable(op.name));
}

Json toKeras(const Op& op)
{
    Json config{{"axis", op.attributes.integer("axis", -1)}, {"invert", op.attributes.boolean("invert", false)}};
    for (const char* key : statistics)
        if (const Reals told = op.attributes.reals(key, Reals{}); told.empty())
            config[key] = nullptr;
        else
            config[key] = told.size() == 1 ? Json(told[0]) : Json(told);
    return config;
}

std::vector<Role> roles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    const bool isFound = !settings.has("mean");
    return rolesFrom(framework, {{"o", sizeAlong(settings, inputs), settings.integer("axis", -1)}},
                     {{"mean", "mean", "mean", "o", "o", isFound, true},
                      {"variance", "variance", "variance", "o", "o", isFound, true},
                      {"count", "count", "count", "", "", isFound, true}});
}

std::vector<Value> infer(const Call& call)
{
    const Value& in = call.input();
    const auto size = static_cast<std::size_t>(in.shape[axisIn(call.op, in, 1)]);
    for (const char* key : statistics)
        if (const std::size_t count = call.op.attributes.reals(key, Reals{0}).size(); count != 1 && count != size)
            throw Error("shape-axis")
                .expected(std::to_string(size) + " values of the " + key)
                .found(std::to_string(count))
                .at(printable(call.op.name));
    return {in};
}

std::string difference(const Call& a, const Call& b)
{
    std::string told;
    for (const char* key : statistics)
        if (const bool ours = a.op.attributes.has(key), theirs = b.op.attributes.has(key); told.empty() && ours && theirs)
            told = differs(key, a.op.attributes.reals(key), b.op.attributes.reals(key));
    return firstOf(
        {told, differs("invert", a.op.attributes.boolean("invert", false), b.op.attributes.boolean("invert", false)), axisDiffers(a, b)});
}

}

const Kind normalization{.id = "normalization",
                         .torchClasses = {},
                         .kerasClasses = {"Normalization"},
                         .effect = Effect::Keeps,
                         .fromKeras = fromKeras,
                         .toTorch = toTorch,
                         .toKeras = toKeras,
                         .roles = roles,
                         .infer = infer,
                         .difference = difference};

}
