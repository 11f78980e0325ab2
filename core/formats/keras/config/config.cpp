// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/config/config.h"

#include "core/base/error.h"
#include "core/formats/keras/graph/nodes.h"

#include <fmt/format.h>
#include <unordered_map>
#include <unordered_set>

namespace core::formats {

namespace {

[[noreturn]] void wrong(std::string_view where, std::string_view expected, const Json& found)
{
    throw Error("keras-config").expected(expected).found(printable(dumpJson(found, -1), 80)).at(where);
}

Json* member(Json& json, const char* key)
{
    return const_cast<Json*>(memberOf(json, key));
}

KerasLayer layerOf(Json&& json, std::size_t index, std::string_view where);

/// Bidirectional names its halves itself, after the one layer that its configuration tells.
void addBackward(KerasLayer& wrapper)
{
    const auto bare = [](const std::string& name) { return name.starts_with("forward_") ? name.substr(8) : name; };
    if (wrapper.wrapped.size() == 1) {
        KerasLayer backward = wrapper.wrapped.front();
        backward.name = "backward_" + bare(backward.name);
        wrapper.wrapped.front().name = "forward_" + bare(wrapper.wrapped.front().name);
        wrapper.wrapped.push_back(std::move(backward));
    }
    wrapper.wrapped.front().attribute = "forward_layer";
    wrapper.wrapped.back().attribute = "backward_layer";
}

void takeWrapped(KerasLayer& layer, std::string_view where)
{
    for (const char* key : {"layer", "backward_layer"}) {
        Json* inner = member(layer.config, key);
        if (!inner || textIn(*inner, "class_name").empty())
            continue;
        const bool isWrapper = tellsLayers(*inner) || (inner->contains("config") && member((*inner)["config"], "layer"));
        Json own = isWrapper ? Json() : *inner;
        layer.wrapped.push_back(layerOf(std::move(*inner), layer.wrapped.size(), where));
        layer.wrapped.back().attribute = key;
        if (isWrapper)
            layer.config.erase(key);
        else
            layer.config[key] = std::move(own); // it is written again as it was
    }
    if (layer.className == "Bidirectional" && !layer.wrapped.empty())
        addBackward(layer);
}

void takeGraph(KerasLayer& layer, Json& json, std::string_view where)
{
    if (!tellsLayers(json))
        return;
    layer.graph = std::make_shared<const KerasGraph>(kerasGraph(std::move(json), where));
    layer.config = Json::object();
}

KerasLayer layerOf(Json&& json, std::size_t index, std::string_view where)
{
    KerasLayer layer;
    layer.className = bareClassName(json);
    layer.owner = kerasOwner(json);
    layer.isOperator = isKerasOperator(json);
    for (const char* key : {"module", "registered_name"})
        if (layer.isOperator && json.contains(key))
            layer.origin[key] = json[key];
    if (!json.is_object() || layer.className.empty())
        wrong(where, fmt::format("a layer with a class_name as number {}", index), json);
    layer.name = json.contains("config") ? textIn(json["config"], "name") : "";
    if (layer.name.empty())
        layer.name = textIn(json, "name");
    if (layer.name.empty())
        layer.name = fmt::format("{}_{}", layer.className, index);
    if (const Json* nodes = member(json, "inbound_nodes")) {
        layer.calls = kerasCalls(*nodes, where);
        layer.arguments = kerasArguments(*nodes);
        layer.forms = kerasForms(*nodes, layer.calls);
    }
    takeGraph(layer, json, where);
    if (Json* config = member(json, "config"); config && config->is_object() && !layer.graph)
        layer.config = std::move(*config);
    takeWrapped(layer, where);
    return layer;
}

void addLayers(KerasGraph& graph, Json& list, std::string_view where)
{
    if (!list.is_array())
        wrong(where, "a list of layers", list);
    std::unordered_set<std::string> names;
    for (auto& json : list) {
        auto layer = layerOf(std::move(json), graph.layers.size(), where);
        if (!names.insert(layer.name).second)
            throw Error("keras-config")
                .expected("layers with names of their own")
                .found(fmt::format("two called {}", printable(layer.name)))
                .at(where);
        graph.layers.push_back(std::move(layer));
    }
}

/// The shape that a Sequential's first layer, or the model that stands there, tells of the input.
Json inputConfig(const KerasGraph& graph, const Json* buildShape)
{
    const KerasGraph* inner = &graph;
    while (!inner->layers.empty() && inner->layers.front().graph)
        inner = inner->layers.front().graph.get();
    Json config = Json::object();
    if (!inner->layers.empty())
        for (const char* key : {"batch_input_shape", "batch_shape"})
            if (const Json* shape = memberOf(inner->layers.front().config, key))
                config[key] = *shape;
    if (config.empty() && buildShape)
        config["batch_input_shape"] = *buildShape;
    return config;
}

/// A Sequential is a graph like any other: an input, and each layer called with the one before.
void chain(KerasGraph& graph, const Json* buildShape)
{
    if (graph.layers.empty() || graph.layers.front().className != "InputLayer") {
        KerasLayer input;
        input.className = "InputLayer";
        input.name = (graph.layers.empty() ? "" : graph.layers.front().name + "_") + "input";
        input.config = inputConfig(graph, buildShape);
        for (const auto& layer : graph.layers)
            if (layer.name == input.name)
                input.name += "_0";
        graph.layers.insert(graph.layers.begin(), std::move(input));
    } else if (const Json& own = graph.layers.front().config;
               buildShape && !own.contains("batch_input_shape") && !own.contains("batch_shape")) {
        graph.layers.front().config["batch_input_shape"] = *buildShape;
    }
    graph.layers.front().isImplied = true;
    graph.layers.front().calls.clear();
    for (std::size_t i = 1; i < graph.layers.size(); ++i)
        graph.layers[i].calls = {{{graph.layers[i - 1].name, 0, 0}}};
    graph.inputs = {{graph.layers.front().name, 0, 0}};
    graph.outputs = {{graph.layers.back().name, 0, 0}};
}

/// Keras 2 counts the making of a nested Functional model as its call 0, so that references to its calls begin with 1.
void countNestedCallsFromZero(KerasGraph& graph)
{
    std::unordered_map<std::string, std::size_t> most;
    for (const auto& layer : graph.layers)
        if (layer.graph)
            most.emplace(layer.name, 0);
    if (most.empty())
        return;
    const auto each = [&](auto act) {
        for (auto& layer : graph.layers)
            for (auto& call : layer.calls)
                for (auto& tensor : call)
                    act(tensor);
        for (auto& tensor : graph.outputs)
            act(tensor);
    };
    each([&](const KerasTensor& tensor) {
        if (const auto found = most.find(tensor.layer); found != most.end())
            found->second = std::max(found->second, tensor.node);
    });
    for (const auto& layer : graph.layers)
        if (const auto found = most.find(layer.name); found != most.end() && found->second != std::max<std::size_t>(layer.calls.size(), 1))
            most.erase(found);
    each([&](KerasTensor& tensor) {
        if (most.contains(tensor.layer) && tensor.node > 0)
            --tensor.node;
    });
}

std::vector<KerasTensor> endpoints(const Json& config, const char* key)
{
    std::vector<KerasTensor> result;
    if (const Json* value = memberOf(config, key))
        collectKerasTensors(*value, result);
    return result;
}

}

const Json* memberOf(const Json& json, const char* key)
{
    const auto found = json.is_object() ? json.find(key) : json.end();
    return found == json.end() || found->is_null() ? nullptr : &*found;
}

std::string textIn(const Json& json, const char* key)
{
    const Json* value = memberOf(json, key);
    return value && value->is_string() ? value->get<std::string>() : std::string();
}

bool tellsLayers(const Json& root)
{
    const Json* config = memberOf(root, "config");
    return config && (config->is_array() || memberOf(*config, "layers"));
}

KerasGraph parseKerasConfig(std::string_view text, std::string_view where)
{
    return kerasGraph(parseJson(text, where), where);
}

KerasGraph kerasGraph(Json&& root, std::string_view where)
{
    KerasGraph graph;
    graph.className = bareClassName(root);
    graph.owner = kerasOwner(root);
    Json* config = member(root, "config");
    if (graph.className.empty() || !config)
        wrong(where, "a model with class_name and config", root);
    graph.name = textIn(*config, "name");
    const bool isList = config->is_array();
    Json* layers = isList ? config : member(*config, "layers");
    if (!layers)
        wrong(where, "a Sequential or Functional model with layers", root);
    addLayers(graph, *layers, where);
    graph.isSequential = isList || graph.className == "Sequential";
    if (graph.isSequential) {
        chain(graph, isList ? nullptr : member(*config, "build_input_shape"));
    } else {
        graph.inputs = endpoints(*config, "input_layers");
        graph.outputs = endpoints(*config, "output_layers");
        if (graph.outputs.empty())
            wrong(where, "a Functional model with output_layers", config->value("output_layers", Json()));
    }
    countNestedCallsFromZero(graph);
    return graph;
}

}
