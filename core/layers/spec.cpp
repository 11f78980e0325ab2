// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/spec.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace core::layers {

namespace {

[[noreturn]] void wrong(const char* key, std::string_view wanted, const Json& found)
{
    throw Error("attribute").expected(fmt::format("{} called {}", wanted, key)).found(printable(dumpJson(found, -1)));
}

const Json* present(const Json& config, const char* key)
{
    const auto found = config.find(key);
    return found == config.end() || found->is_null() ? nullptr : &*found;
}

bool isInteger(const Json& value)
{
    if (value.is_number_float()) {
        constexpr double limit = 9.2e18; // beyond it, and for NaN, the cast to 64 bits is undefined
        const double number = value.get<double>();
        return std::fabs(number) < limit && std::trunc(number) == number;
    }
    return value.is_number_integer();
}

}

Ints kerasInts(const Json& config, const char* key, std::size_t n, const Ints& fallback)
{
    const Json* value = present(config, key);
    if (!value)
        return fallback;
    if (value->is_object() && value->contains("items")) // {"class_name": "__tuple__", "items": [...]}
        value = &(*value)["items"];
    if (isInteger(*value))
        return Ints(n, value->get<std::int64_t>());
    if (!value->is_array() || value->size() != n)
        wrong(key, fmt::format("{} integers", n), *value);
    Ints result;
    for (const Json& element : *value) {
        if (!isInteger(element))
            wrong(key, fmt::format("{} integers", n), *value);
        result.push_back(element.get<std::int64_t>());
    }
    return result;
}

std::int64_t kerasInt(const Json& config, const char* key, std::int64_t fallback)
{
    const Json* value = present(config, key);
    if (value && !isInteger(*value))
        wrong(key, "an integer", *value);
    return value ? value->get<std::int64_t>() : fallback;
}

Ints kerasList(const Json& config, const char* key)
{
    const Json* value = present(config, key);
    if (value && value->is_object() && value->contains("items"))
        value = &(*value)["items"];
    if (!value)
        wrong(key, "integers", Json());
    return kerasInts(config, key, value->is_array() ? value->size() : 1, {});
}

double kerasReal(const Json& config, const char* key, double fallback)
{
    const Json* value = present(config, key);
    if (value && !value->is_number())
        wrong(key, "a number", *value);
    return value ? value->get<double>() : fallback;
}

Reals kerasReals(const Json& config, const char* key)
{
    const Json* value = present(config, key);
    while (value && value->is_array() && value->size() == 1 && value->front().is_array())
        value = &value->front();
    Reals result;
    for (const Json& number : value && value->is_array() ? *value : Json::array({value ? *value : Json()})) {
        if (!number.is_number())
            wrong(key, "a number or a list of numbers", value ? *value : Json());
        result.push_back(number.get<double>());
    }
    return result;
}

bool kerasBool(const Json& config, const char* key, bool fallback)
{
    const Json* value = present(config, key);
    if (value && !value->is_boolean())
        wrong(key, "true or false", *value);
    return value ? value->get<bool>() : fallback;
}

std::string kerasText(const Json& config, const char* key, const std::string& fallback)
{
    const Json* value = present(config, key);
    if (value && !value->is_string())
        wrong(key, "a text", *value);
    return value ? value->get<std::string>() : fallback;
}

bool isOfKeras3(const KerasSpec& spec, std::string_view what)
{
    if (spec.version.empty())
        unsupported(fmt::format("{} in a file that does not tell its version of Keras", what), "one of which it is known");
    return spec.version.starts_with("3.");
}

std::int64_t kerasAxis(const Json& config, const char* key)
{
    const auto axis = config.find(key);
    if (axis != config.end() && axis->is_null())
        unsupported("axis None, all axes together", "one axis");
    const bool isList = axis != config.end() && (axis->is_array() || axis->is_object());
    const Ints axes = isList ? kerasList(config, key) : Ints{kerasInt(config, key, -1)};
    if (axes.size() != 1)
        unsupported("axes " + text(axes), "one axis");
    return axes[0];
}

void requireChannelsLast(const Json& config)
{
    const std::string format = kerasText(config, "data_format", "channels_last");
    if (format != "channels_last")
        unsupported("data_format " + printable(format), "channels_last");
}

void unsupported(std::string_view asked, std::string_view possible)
{
    throw Error("layer-unsupported").expected(possible).found(asked);
}

std::size_t axisIn(const Op& op, const Value& input, std::int64_t least)
{
    const auto rank = static_cast<std::int64_t>(input.shape.size());
    const std::int64_t axis = op.attributes.integer("axis", -1);
    const std::int64_t absolute = axis < 0 ? axis + rank : axis;
    if (absolute < least || absolute >= rank)
        throw Error("shape-axis")
            .expected(fmt::format("an axis of {}", text(input.shape)))
            .found(std::to_string(axis))
            .at(printable(op.name));
    return static_cast<std::size_t>(absolute);
}

std::int64_t sizeAlong(const Attributes& settings, std::span<const Value> inputs)
{
    const std::int64_t axis = settings.integer("axis", -1), rank = inputs.empty() ? 0 : static_cast<std::int64_t>(inputs[0].shape.size());
    const std::int64_t place = axis < 0 ? axis + rank : axis;
    return place < 0 || place >= rank ? 0 : inputs[0].shape[static_cast<std::size_t>(place)];
}

std::vector<Value> sameBehindBatch(const Call& call)
{
    axisIn(call.op, call.input(), 1);
    return {call.input()};
}

std::string differs(std::string_view what, const Attribute& a, const Attribute& b)
{
    return a == b ? std::string() : fmt::format("{} {} against {}", what, text(a), text(b));
}

std::string axisDiffers(const Call& a, const Call& b)
{
    const Value *left = a.find(), *right = b.find();
    if (!left || !right || left->axes.empty() || right->axes.empty())
        return {};
    const std::string& ours = left->axes[axisIn(a.op, *left)].name;
    const std::string& theirs = right->axes[axisIn(b.op, *right)].name;
    const bool isBoth = indexOf(left->axes, theirs) >= 0 && indexOf(right->axes, ours) >= 0;
    return isBoth ? differs("axis", ours, theirs) : std::string();
}

std::string_view featuresFirst(const Op&, Framework framework, std::size_t rank)
{
    return framework == Framework::Torch && rank == 3 ? "NFT" : "";
}

std::string firstOf(std::initializer_list<std::string> differences)
{
    for (const std::string& difference : differences)
        if (!difference.empty())
            return difference;
    return {};
}

std::vector<Role> rolesFrom(Framework framework, const std::vector<RoleAxis>& axes, std::initializer_list<RoleRow> rows)
{
    std::vector<Role> result;
    const bool isKeras = framework == Framework::Keras;
    for (const RoleRow& row : rows) {
        const std::string_view name = isKeras ? row.kerasName : row.torchName;
        if (!row.isPresent || name.empty())
            continue;
        Role role{std::string(row.role), std::string(name), {}, row.buffer, true};
        for (const char letter : isKeras ? row.kerasAxes : row.torchAxes) {
            const auto known = std::find_if(axes.begin(), axes.end(), [&](const RoleAxis& axis) { return axis.name[0] == letter; });
            role.axes.push_back(known == axes.end() ? RoleAxis{std::string(1, letter)} : *known);
        }
        role.needed = !role.axes.empty() && row.role != "bias" && row.role != "gamma" && row.role != "beta";
        result.push_back(std::move(role));
    }
    return result;
}

Attributes noTorchSettings(const TorchSpec&)
{
    return {};
}

Attributes noKerasSettings(const KerasSpec&)
{
    return {};
}

Json noKerasConfig(const Op&)
{
    return Json::object();
}

std::vector<Value> sameValue(const Call& call)
{
    return {call.input()};
}

std::string noDifference(const Call&, const Call&)
{
    return {};
}

}
