// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/graph/nodes.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::formats {

namespace {

// ["conv2d", 0, 0] or, with keyword arguments, ["conv2d", 0, 0, {}].
bool isHistory(const Json& json)
{
    return json.is_array() && json.size() >= 3 && json[0].is_string() && json[1].is_number_unsigned() && json[2].is_number_unsigned();
}

KerasTensor fromHistory(const Json& json, const std::string& name)
{
    return {json[0].get<std::string>(), json[1].get<std::size_t>(), json[2].get<std::size_t>(), name};
}

void collectKeywords(const Json& keywords, std::vector<KerasTensor>& tensors)
{
    constexpr std::array<std::string_view, 4> first{"inputs", "x", "sequence", "sequences"}; // how layers call their first argument
    for (const auto& [key, value] : keywords.items())
        collectKerasTensors(value, tensors, std::find(first.begin(), first.end(), key) == first.end() ? key : std::string());
}

/// Of one call. In Keras 1 and 2 every tensor of the call bears the same keywords: they count once.
std::vector<KerasTensor> tensorsOf(const Json& node)
{
    std::vector<KerasTensor> tensors;
    if (node.is_object() && node.contains("args")) {
        std::size_t place = 0;
        for (const Json& argument : node["args"]) {
            const std::size_t first = tensors.size();
            collectKerasTensors(argument, tensors);
            for (std::size_t i = first; i < tensors.size(); ++i)
                tensors[i].argument = place;
            ++place;
        }
        if (const Json* keywords = memberOf(node, "kwargs"); keywords && keywords->is_object())
            collectKeywords(*keywords, tensors);
        return tensors;
    }
    if (!node.is_array() || node.empty() || !isHistory(node[0])) {
        collectKerasTensors(node, tensors);
        return tensors;
    }
    collectKerasTensors(node[0], tensors);
    const std::size_t named = tensors.size() - 1;
    for (std::size_t i = 1; i < node.size(); ++i) {
        if (isHistory(node[i]))
            tensors.insert(tensors.end() - static_cast<std::ptrdiff_t>(named), fromHistory(node[i], {}));
        else
            collectKerasTensors(node[i], tensors);
    }
    return tensors;
}

/// A history, or a constant in its place: ["_CONSTANT_VALUE", -1, 1.0, {...}].
bool isKeras2Node(const Json& json)
{
    return json.is_array() && json.size() >= 3 && json[0].is_string() && json[1].is_number_integer();
}

/// The value with every tensor in it replaced by its layer's name.
Json withNames(const Json& value)
{
    std::vector<KerasTensor> tensors;
    if (isHistory(value) || textIn(value, "class_name") == "__keras_tensor__") {
        collectKerasTensors(value, tensors);
        return tensors.empty() ? Json() : Json(tensors.front().layer);
    }
    if (!value.is_array())
        return value;
    Json result = Json::array();
    for (const auto& element : value)
        result.push_back(withNames(element));
    return result;
}

void addKeywords(Json& arguments, const Json& keywords)
{
    for (const auto& [key, value] : keywords.items())
        if (!value.is_null())
            arguments[key] = withNames(value);
}

void addHistory(Json& arguments, const Json& node)
{
    if (!isKeras2Node(node))
        return;
    if (!isHistory(node))
        arguments["argument 1"] = node[2];
    if (node.size() > 3 && node[3].is_object())
        addKeywords(arguments, node[3]);
}

void addModern(Json& arguments, const Json& node)
{
    const Json* positional = memberOf(node, "args");
    std::vector<KerasTensor> tensors;
    for (std::size_t i = 0; positional && positional->is_array() && i < positional->size(); ++i) {
        tensors.clear();
        collectKerasTensors((*positional)[i], tensors);
        if (tensors.empty() && !(*positional)[i].is_null())
            arguments[fmt::format("argument {}", i + 1)] = (*positional)[i];
    }
    if (const Json* keywords = memberOf(node, "kwargs"); keywords && keywords->is_object())
        addKeywords(arguments, *keywords);
}

std::string bound(const Json& slice, const char* key)
{
    const Json* value = memberOf(slice, key);
    return value ? argumentText(*value) : std::string();
}

std::string sliceText(const Json& slice)
{
    const auto step = bound(slice, "step");
    return bound(slice, "start") + ":" + bound(slice, "stop") + (step.empty() ? "" : ":" + step);
}

}

void collectKerasTensors(const Json& json, std::vector<KerasTensor>& tensors, const std::string& name)
{
    if (isHistory(json)) {
        tensors.push_back(fromHistory(json, name));
        if (json.size() > 3 && json[3].is_object())
            collectKeywords(json[3], tensors);
        return;
    }
    if (textIn(json, "class_name") == "__keras_tensor__") {
        const Json* config = memberOf(json, "config");
        const Json* history = config ? memberOf(*config, "keras_history") : nullptr;
        if (history && isHistory(*history))
            tensors.push_back(fromHistory(*history, name));
        return;
    }
    if (json.is_structured())
        for (const auto& element : json)
            collectKerasTensors(element, tensors, name);
}

std::vector<std::vector<KerasTensor>> kerasCalls(const Json& nodes, std::string_view where)
{
    std::vector<std::vector<KerasTensor>> result;
    if (!nodes.is_array())
        throw Error("keras-config").expected("a list of inbound nodes").found(printable(dumpJson(nodes, -1), 80)).at(where);
    for (const auto& node : nodes) {
        std::vector<KerasTensor> inputs = tensorsOf(node);
        if (inputs.empty())
            throw Error("keras-config").expected("an inbound node with tensors").found(printable(dumpJson(node, -1), 80)).at(where);
        result.push_back(std::move(inputs));
    }
    return result;
}

std::vector<Json> kerasArguments(const Json& nodes)
{
    std::vector<Json> result;
    for (const auto& node : nodes) {
        Json arguments = Json::object();
        if (node.is_object())
            addModern(arguments, node);
        else if (isKeras2Node(node))
            addHistory(arguments, node);
        else if (node.is_array() && !node.empty())
            addHistory(arguments, node[0]); // every tensor of the call bears the same keywords
        result.push_back(std::move(arguments));
    }
    return result;
}

std::string argumentText(const Json& value)
{
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_boolean())
        return value.get<bool>() ? "True" : "False";
    if (textIn(value, "class_name") == "__ellipsis__")
        return "...";
    const Json* slice = textIn(value, "class_name") == "__slice__" ? memberOf(value, "config") : &value;
    if (slice && slice->is_object() && slice->contains("start") && slice->contains("stop"))
        return sliceText(*slice);
    if (!value.is_array())
        return value.is_null() ? "None" : dumpJson(value, -1);
    std::string text;
    for (const auto& element : value)
        text += (text.empty() ? "" : ", ") + argumentText(element);
    return "[" + text + "]";
}

}
