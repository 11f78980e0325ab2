// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/graph/ops.h"

#include "core/formats/keras/config/legacy.h"
#include "core/formats/keras/graph/graph.h"
#include "core/layers/spec.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <unordered_map>

namespace core::formats {

namespace {

constexpr std::array<std::string_view, 7> notShown{"name",        "trainable",    "dtype",          "batch_input_shape",
                                                   "batch_shape", "build_config", "registered_name"};

bool isShown(std::string_view key)
{
    return std::find(notShown.begin(), notShown.end(), key) == notShown.end() && !key.ends_with("_initializer") &&
           !key.ends_with("_regularizer") && !key.ends_with("_constraint");
}

void addAttribute(Attributes& attributes, const std::string& key, const Json& value)
{
    if (value.is_boolean())
        attributes.set(key, value.get<bool>());
    else if (value.is_number_integer())
        attributes.set(key, value.get<std::int64_t>());
    else if (value.is_number())
        attributes.set(key, value.get<double>());
    else if (value.is_string())
        attributes.set(key, printable(value.get<std::string>()));
    else if (isIntegerList(value))
        attributes.set(key, value.get<Ints>());
    else if (const auto className = textIn(value, "class_name"); !className.empty())
        attributes.set(key, printable(className));
    else if (!value.is_null())
        attributes.set(key, printable(dumpJson(value, -1)));
}

Layer layerOf(const KerasLayer& keras)
{
    Layer layer{keras.name, keras.className, {}, {}, true};
    for (const auto& [key, value] : keras.config.items())
        if (isShown(key))
            addAttribute(layer.attributes, key, value);
    if (const auto trainable = keras.config.find("trainable"); trainable != keras.config.end() && *trainable == false)
        layer.attributes.set("trainable", false);
    layer.attributes.set("config", dumpJson(keras.config, -1));
    return layer;
}

struct Activation
{
    std::string name; ///< empty: none
    layers::KerasSpec spec;
};

// "tanh", {"class_name":"LeakyReLU","config":{...}} or {"class_name":"function","config":"my_fn",...}.
Activation fusedActivation(const Json& config)
{
    const auto found = config.find("activation");
    if (found == config.end() || found->is_null() || *found == "linear")
        return {};
    if (found->is_string())
        return {found->get<std::string>(), {"Activation", {{"activation", *found}}}};
    const auto className = textIn(*found, "class_name");
    const auto inner = found->is_object() ? found->find("config") : found->end();
    if (inner != found->end() && inner->is_string())
        return {inner->get<std::string>(), {"Activation", {{"activation", *inner}}}};
    return {className.empty() ? "of an unknown form" : className,
            {className, inner != found->end() && inner->is_object() ? *inner : Json::object()}};
}

std::string reason(const Error& error)
{
    return "it asks for " + error.found() + ", Tieout runs " + error.expected();
}

/// Fills kind and attributes, or says why it cannot run.
void setKind(Op& op, const layers::KerasSpec& spec, std::string otherwise)
{
    const auto* kind = layers::kindOfKeras(spec);
    if (!kind || !kind->fromKeras) {
        op.unsupported = std::move(otherwise);
        return;
    }
    try {
        op.attributes = kind->fromKeras(spec);
        op.kind = kind->id;
    } catch (const Error& error) {
        op.unsupported = reason(error);
    }
}

/// Why the layer's numbers are not what its class says, or empty.
std::string quantised(const Json& config)
{
    const Json* dtype = memberOf(config, "dtype");
    const Json* policy = dtype ? memberOf(*dtype, "config") : nullptr;
    const auto mode = policy ? textIn(*policy, "mode") : std::string();
    return mode.empty() ? "" : fmt::format("its weights are quantised ({})", printable(mode));
}

class Builder
{
public:
    Builder(const KerasGraph& graph, std::string_view version, std::string_view backend)
        : m_graph(graph), m_version(version), m_backend(backend)
    {
        m_model.framework = Framework::Keras;
        m_model.wired = true;
    }

    Model model(std::string_view where)
    {
        const auto order = computationOrder(m_graph, where);
        for (const auto& layer : m_graph.layers)
            if (!layer.isImplied) {
                m_index.emplace(layer.name, m_model.layers.size());
                m_model.layers.push_back(layerOf(layer));
                m_model.layers.back().supported = !layer.isInner;
            }
        std::vector<int> lastOp(order.calls.size(), -1);
        for (std::size_t i = 0; i < order.calls.size(); ++i) {
            const auto& call = order.calls[i];
            const auto& layer = m_graph.layers[call.layer];
            std::vector<int> inputs;
            for (const auto producer : call.inputs)
                inputs.push_back(lastOp[producer]);
            const bool last = call.node + 1 >= std::max<std::size_t>(layer.calls.size(), 1);
            addOps(layer, last ? layer.name : fmt::format("{}:call{}", layer.name, call.node + 1), inputs);
            if (call.takesOtherOutput)
                refuse(m_model.ops.back(), "it takes a second output of another layer");
            lastOp[i] = static_cast<int>(m_model.ops.size()) - 1;
        }
        for (const auto output : order.outputs)
            m_model.outputs.push_back(lastOp[output]);
        return std::move(m_model);
    }

private:
    void setInput(Op& op, const Json& config)
    {
        setKind(op, {"InputLayer", config}, "");
        op.kind = "input";
        if (!m_model.inputShape && op.attributes.has("shape"))
            m_model.inputShape = op.attributes.integers("shape");
    }

    void refuse(Op& op, std::string why)
    {
        if (op.unsupported.empty())
            op.unsupported = std::move(why);
        if (const auto layer = m_index.find(op.layer); layer != m_index.end())
            m_model.layers[layer->second].supported = false;
    }

    void setLayerKind(Op& op, const KerasLayer& layer)
    {
        const auto modern = modernLayer(layer, m_version, m_backend);
        setKind(op, modern.spec,
                modern.spec.className == "Activation"
                    ? fmt::format("Tieout cannot compute the activation {} yet", printable(fusedActivation(layer.config).name))
                    : cannotRun(layer.className));
        auto why = modern.problem.empty() ? quantised(layer.config) : modern.problem;
        if (op.unsupported.empty() && why.empty() && op.inputs.size() != 1)
            why = fmt::format("it takes one input, not {}", op.inputs.size());
        else if (!why.empty())
            op.kind.clear();
        if (op.unsupported.empty())
            op.unsupported = std::move(why);
    }

    void addOps(const KerasLayer& layer, const std::string& name, std::vector<int> inputs)
    {
        Op op;
        op.name = name;
        op.layer = layer.isImplied ? "" : layer.name;
        op.inputs = std::move(inputs);
        if (layer.className == "InputLayer") {
            setInput(op, layer.config);
            m_model.ops.push_back(std::move(op));
            return;
        }
        setLayerKind(op, layer);
        const auto activation = op.kind == "conv2d" || op.kind == "linear" ? fusedActivation(layer.config) : Activation();
        if (!activation.name.empty())
            op.name += ":" + op.kind;
        m_model.ops.push_back(std::move(op));
        if (!m_model.ops.back().unsupported.empty())
            refuse(m_model.ops.back(), "");
        if (!activation.name.empty())
            addActivation(layer, name, activation);
    }

    void addActivation(const KerasLayer& layer, const std::string& name, const Activation& activation)
    {
        Op op;
        op.name = name;
        op.layer = layer.name;
        op.inputs = {static_cast<int>(m_model.ops.size()) - 1};
        setKind(op, activation.spec, fmt::format("Tieout cannot compute the activation {} yet", printable(activation.name)));
        m_model.ops.push_back(std::move(op));
        if (!m_model.ops.back().unsupported.empty())
            refuse(m_model.ops.back(), "");
    }

    const KerasGraph& m_graph;
    std::string m_version, m_backend;
    Model m_model;
    std::unordered_map<std::string, std::size_t> m_index; ///< of layers
};

}

std::string cannotRun(std::string_view className)
{
    if (className == "Lambda" || className == "TFOpLambda" || className == "SlicingOpLambda")
        return "its code is in the file, which is never run";
    return fmt::format("Tieout cannot run {} layers yet", printable(className));
}

Model kerasModel(const KerasGraph& graph, std::string_view version, std::string_view backend, std::string_view where)
{
    return Builder(graph, version, backend).model(where);
}

}
