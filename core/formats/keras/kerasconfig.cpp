// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/kerasconfig.h"

#include "core/base/error.h"

#include <fmt/format.h>
#include <set>

namespace core::formats {

namespace {

[[noreturn]] void wrong(std::string_view where, std::string_view expected, const Json& found)
{
    throw Error("keras-config").expected(expected).found(printable(dumpJson(found, -1), 80)).at(where);
}

const Json* member(const Json& json, const char* key)
{
    const auto found = json.is_object() ? json.find(key) : json.end();
    return found == json.end() || found->is_null() ? nullptr : &*found;
}

// ["conv2d", 0, 0] or, with keyword arguments, ["conv2d", 0, 0, {}].
bool isHistory(const Json& json)
{
    return json.is_array() && json.size() >= 3 && json[0].is_string() && json[1].is_number_unsigned() && json[2].is_number_unsigned();
}

KerasTensor fromHistory(const Json& json)
{
    return {json[0].get<std::string>(), json[1].get<std::size_t>(), json[2].get<std::size_t>()};
}

// Every tensor that is mentioned, in order, however it is wrapped: lists, Keras 3's __keras_tensor__ objects, histories in keyword
// arguments.
void collectTensors(const Json& json, std::vector<KerasTensor>& tensors)
{
    if (isHistory(json)) {
        tensors.push_back(fromHistory(json));
        if (json.size() > 3 && json[3].is_object())
            collectTensors(json[3], tensors);
        return;
    }
    if (textIn(json, "class_name") == "__keras_tensor__") {
        const Json* config = member(json, "config");
        const Json* history = config ? member(*config, "keras_history") : nullptr;
        if (history && isHistory(*history))
            tensors.push_back(fromHistory(*history));
        return;
    }
    if (json.is_structured())
        for (const auto& element : json)
            collectTensors(element, tensors);
}

// One call is one element: a list of histories (Keras 1 and 2) or {"args":[...],"kwargs":{...}} (Keras 3).
std::vector<std::vector<KerasTensor>> calls(const Json& layer, std::string_view where)
{
    std::vector<std::vector<KerasTensor>> result;
    const Json* nodes = member(layer, "inbound_nodes");
    if (!nodes)
        return result;
    if (!nodes->is_array())
        wrong(where, "a list of inbound nodes", *nodes);
    for (const auto& node : *nodes) {
        std::vector<KerasTensor> inputs;
        collectTensors(node, inputs);
        if (inputs.empty())
            wrong(where, "an inbound node with tensors", node);
        result.push_back(std::move(inputs));
    }
    return result;
}

KerasLayer layerOf(const Json& json, std::size_t index, std::string_view where)
{
    KerasLayer layer;
    layer.className = textIn(json, "class_name");
    if (!json.is_object() || layer.className.empty())
        wrong(where, fmt::format("a layer with a class_name as number {}", index), json);
    if (const Json* config = member(json, "config"); config && config->is_object())
        layer.config = *config;
    layer.name = textIn(layer.config, "name");
    if (layer.name.empty())
        layer.name = textIn(json, "name");
    if (layer.name.empty())
        layer.name = fmt::format("{}_{}", layer.className, index);
    layer.calls = calls(json, where);
    return layer;
}

void addLayers(KerasGraph& graph, const Json& list, std::string_view where)
{
    if (!list.is_array())
        wrong(where, "a list of layers", list);
    std::set<std::string> names;
    for (const auto& json : list) {
        auto layer = layerOf(json, graph.layers.size(), where);
        if (!names.insert(layer.name).second)
            throw Error("keras-config")
                .expected("layers with names of their own")
                .found(fmt::format("two called {}", printable(layer.name)))
                .at(where);
        graph.layers.push_back(std::move(layer));
    }
}

std::vector<KerasTensor> endpoints(const Json& config, const char* key)
{
    std::vector<KerasTensor> result;
    if (const Json* value = member(config, key))
        collectTensors(*value, result);
    return result;
}

}

std::string textIn(const Json& json, const char* key)
{
    const Json* value = member(json, key);
    return value && value->is_string() ? value->get<std::string>() : std::string();
}

KerasGraph parseKerasConfig(std::string_view text, std::string_view where)
{
    const Json root = parseJson(text, where);
    KerasGraph graph;
    graph.className = textIn(root, "class_name");
    const Json* config = member(root, "config");
    if (graph.className.empty() || !config)
        wrong(where, "a model with class_name and config", root);
    graph.name = textIn(*config, "name");
    const bool isList = config->is_array();
    const Json* layers = isList ? config : member(*config, "layers");
    if (!layers)
        wrong(where, "a Sequential or Functional model with layers", root);
    addLayers(graph, *layers, where);
    graph.inputs = endpoints(*config, "input_layers");
    graph.outputs = endpoints(*config, "output_layers");
    graph.isSequential = isList || graph.className == "Sequential";
    if (!graph.isSequential && graph.outputs.empty())
        wrong(where, "a Functional model with output_layers", config->value("output_layers", Json()));
    if (const Json* shape = member(*config, "build_input_shape"))
        graph.buildInputShape = *shape;
    return graph;
}

}
