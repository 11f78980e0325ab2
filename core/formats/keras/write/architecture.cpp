// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/write/architecture.h"

#include "core/formats/keras/config/config.h"
#include "core/formats/keras/graph/order.h"
#include "core/formats/keras/weights/store.h"
#include "core/formats/keras/write/calls.h"
#include "core/formats/keras/write/layerconfig.h"
#include "core/formats/write.h"
#include "core/layers/kind.h"

#include <algorithm>
#include <map>
#include <set>

namespace core::formats {

namespace {

Json layerObject(const std::string& name, const KerasClass& written, bool trainable)
{
    Json config{{"name", name}};
    if (!trainable)
        config["trainable"] = false;
    config["dtype"] = "float32";
    config.update(written.config);
    return kerasObject(written.module, written.name, std::move(config), written.registered);
}

KerasClass inputClass(const Model& model, const Op& op)
{
    Op input = op;
    const bool first = model.inputOps().front() == model.opIndex(op.name);
    if (!input.attributes.has("shape") && first)
        if (const auto shape = layers::guessInputShape(model))
            input.attributes.set("shape", *shape);
    if (!input.attributes.has("shape"))
        throw Error("keras-write").expected("a known input shape").found("none in the model").at(printable(op.name));
    return {"InputLayer", layers::kind("input")->toKeras(input)};
}

/// A layer's calls, each with its ops, and what every op belongs to.
struct Call
{
    std::size_t layer = 0, node = 0;
    std::vector<const Op*> ops;
    std::vector<std::size_t> inputs; ///< indices of calls
    std::vector<std::string> names;  ///< beside them: the keywords
    std::vector<int> outputs;        ///< beside them: which of the call's
};

class ArchitectureWriter
{
public:
    explicit ArchitectureWriter(const Model& model) : m_model(model), m_renamed(kerasRenamed(model)), m_callsOf(model.layers.size())
    {
        for (std::size_t i = 0; i < model.layers.size(); ++i) {
            m_layerIndex[model.layers[i].name] = i;
            m_names.push_back(written(model.layers[i].name));
        }
        m_callOfOp.assign(model.ops.size(), 0);
        for (std::size_t i = 0; i < model.ops.size(); ++i)
            addOp(i);
    }

    KerasArchitecture sequential() const
    {
        auto list = Json::array({layerObject(written(m_model.ops[0].name), inputClass(m_model, m_model.ops[0]), true)});
        KerasArchitecture result;
        for (std::size_t i = 0; i < m_model.layers.size(); ++i) {
            list.push_back(layerJson(i));
            addLayer(result, i);
        }
        result.config = kerasObject("keras", "Sequential", {{"name", "sequential"}, {"layers", std::move(list)}});
        return result;
    }

    KerasArchitecture functional()
    {
        addInputLayers();
        auto list = Json::array();
        auto inputs = Json::array(), outputs = Json::array();
        for (std::size_t i = 0; i < m_names.size(); ++i)
            list.push_back(withNodes(i));
        std::vector<std::size_t> inputLayers;
        for (const int op : m_model.inputOps()) {
            inputLayers.push_back(m_calls[m_callOfOp[static_cast<std::size_t>(op)]].layer);
            inputs.push_back({m_names[inputLayers.back()], 0, 0});
        }
        KerasOrder graph;
        for (const auto& call : m_calls)
            graph.calls.push_back({call.layer, call.node, call.inputs});
        for (const Output& output : m_model.outputs) {
            graph.outputs.push_back(m_callOfOp[static_cast<std::size_t>(output.port.op)]);
            const auto& call = m_calls[graph.outputs.back()];
            outputs.push_back({m_names[call.layer], call.node, output.port.output});
        }
        KerasArchitecture result;
        for (const auto layer : kerasLayerOrder(graph, m_names.size(), inputLayers))
            addLayer(result, layer);
        // "Functional" is refused by both generations in this form, "Model" by none.
        result.config = kerasObject("keras", "Model",
                                    {{"name", "model"},
                                     {"trainable", true},
                                     {"layers", std::move(list)},
                                     {"input_layers", std::move(inputs)},
                                     {"output_layers", std::move(outputs)}});
        return result;
    }

    bool isChain() const
    {
        const auto& ops = m_model.ops;
        bool chain = std::all_of(m_calls.begin(), m_calls.end(), [](const Call& call) { return call.inputs.size() < 2; }) &&
                     m_model.wired && !ops.empty() && ops[0].kind == "input" && ops[0].layer.empty() &&
                     m_calls.size() == m_model.layers.size() + 1;
        for (std::size_t i = 1; i < ops.size(); ++i)
            chain = chain && ops[i].kind != "input" && onlyFrom(i);
        for (std::size_t i = 0; chain && i < m_model.layers.size(); ++i)
            chain = m_callsOf[i].size() == 1 && m_callsOf[i][0] == i + 1;
        for (const Layer& layer : m_model.layers)
            chain = chain && !isWrittenByCalls(layer);
        return chain && m_model.outputs.size() == 1 && m_model.outputs[0].port == Port(static_cast<int>(ops.size()) - 1);
    }

private:
    /// Whether the op takes what the call before gives, or what its own does.
    bool onlyFrom(std::size_t index) const
    {
        const std::size_t call = m_callOfOp[index];
        return std::all_of(m_model.ops[index].inputs.begin(), m_model.ops[index].inputs.end(), [&](const Input& input) {
            const std::size_t from = m_callOfOp[static_cast<std::size_t>(input.port.op)];
            return from == call || (from + 1 == call && input.port.output == 0);
        });
    }

    static constexpr std::size_t noLayer = static_cast<std::size_t>(-1);

    void addOp(std::size_t index)
    {
        const auto& op = m_model.ops[index];
        const auto found = m_layerIndex.find(op.layer);
        const auto layer = found == m_layerIndex.end() ? noLayer : found->second;
        const bool goesOn = layer != noLayer && index > 0 && m_model.ops[index - 1].layer == op.layer && !endsCall(m_model.ops[index - 1]);
        if (!goesOn) {
            m_calls.push_back({layer, layer == noLayer ? 0 : m_callsOf[layer].size(), {}, {}, {}, {}});
            if (layer != noLayer)
                m_callsOf[layer].push_back(m_calls.size() - 1);
        }
        addInputs(op, m_calls.back());
        m_calls.back().ops.push_back(&op);
        m_callOfOp[index] = m_calls.size() - 1;
    }

    /// The last op of a call bears the layer's name, "layer" or "layer:call1"; those before it "layer:linear", "layer:call1:linear".
    static bool endsCall(const Op& op)
    {
        const std::string_view behind = std::string_view(op.name).substr(std::min(op.layer.size(), op.name.size()));
        return behind.empty() || (behind.starts_with(":call") && behind.find(':', 1) == std::string_view::npos);
    }

    /// What a call takes from other calls, each once where several of its ops take it.
    void addInputs(const Op& op, Call& call)
    {
        const Call untilNow = call;
        for (const auto& [name, port] : op.inputs) {
            const std::size_t from = m_callOfOp[static_cast<std::size_t>(port.op)];
            if (from == m_calls.size() - 1 && !untilNow.ops.empty())
                continue;
            const layers::Kind* kind = layers::kind(op.kind);
            if (name == "mask" && kind && kind->kerasArguments.empty()) // Keras makes it of what stands before
                continue;
            if (!name.empty() && (!kind || kind->kerasArguments.empty()))
                throw Error("keras-write")
                    .expected("layers that take their inputs in order")
                    .found("an input called " + printable(name))
                    .at(printable(op.name));
            if (const Call& producer = m_calls[from];
                producer.ops.size() > 1 && (producer.ops.back() != &m_model.ops[static_cast<std::size_t>(port.op)] || port.output != 0))
                throw Error("keras-write")
                    .expected("layers of which only the first output is taken")
                    .found("one of another")
                    .at(printable(op.name));
            bool isKnown = false;
            for (std::size_t i = 0; i < untilNow.inputs.size(); ++i)
                isKnown = isKnown || (untilNow.inputs[i] == from && untilNow.outputs[i] == port.output);
            if (isKnown)
                continue;
            call.inputs.push_back(from);
            call.names.push_back(name);
            call.outputs.push_back(port.output);
        }
    }

    /// A Functional model has its inputs among its layers, also those that the file did not call so.
    void addInputLayers()
    {
        for (auto& call : m_calls)
            if (call.layer == noLayer) {
                call.layer = m_names.size();
                m_names.push_back(written(call.ops[0]->name));
                m_callsOf.push_back({static_cast<std::size_t>(&call - m_calls.data())});
            }
    }

    bool isInput(std::size_t layer) const { return !m_callsOf[layer].empty() && m_calls[m_callsOf[layer][0]].ops[0]->kind == "input"; }

    std::string written(const std::string& name) const
    {
        const auto renamed = m_renamed.find(name);
        return renamed == m_renamed.end() ? name : renamed->second;
    }

    void addLayer(KerasArchitecture& result, std::size_t index) const
    {
        result.layerNames.push_back(m_names[index]);
        result.layers.push_back(index < m_model.layers.size() ? &m_model.layers[index] : nullptr);
    }

    Json layerJson(std::size_t index) const
    {
        if (m_callsOf[index].empty())
            throw Error("keras-write").expected("a layer that computes something").found("none").at(printable(m_model.layers[index].name));
        const auto& layer = m_model.layers[index];
        return layerObject(m_names[index], kerasClass(m_calls[m_callsOf[index][0]].ops, layer),
                           layer.attributes.boolean("trainable", true));
    }

    /// ["layer", node, tensor].
    Json history(const Call& call, std::size_t input) const
    {
        const Call& from = m_calls[call.inputs[input]];
        return {m_names[from.layer], from.node, call.outputs[input]};
    }

    static Json argumentsOf(const Call& call)
    {
        const layers::Kind* kind = layers::kind(call.ops[0]->kind);
        return kind && kind->toKerasCall ? kind->toKerasCall(*call.ops[0]) : Json::object();
    }

    /// As Keras 1 and 2 write it, which Keras 3 reads as well; keywords stand with every tensor, those of the last count.
    Json plainNode(const Call& call) const
    {
        Json node = Json::array(), keywords = argumentsOf(call);
        for (std::size_t i = 0; i < call.inputs.size(); ++i) {
            if (!call.names[i].empty())
                keywords[call.names[i]] = history(call, i);
            else
                node.push_back(history(call, i));
        }
        for (std::size_t i = 0; i < node.size(); ++i)
            node[i].push_back(keywords);
        return node;
    }

    /// As Keras 3 writes it: a layer that no configuration makes for both is written as its own generation has it.
    Json modernNode(const Call& call) const
    {
        Json positional = Json::array(), keywords = argumentsOf(call);
        for (std::size_t i = 0; i < call.inputs.size(); ++i) {
            Json tensor{{"class_name", "__keras_tensor__"},
                        {"config", {{"shape", {nullptr}}, {"dtype", "float32"}, {"keras_history", history(call, i)}}}};
            if (call.names[i].empty())
                positional.push_back(std::move(tensor));
            else
                keywords[call.names[i]] = std::move(tensor);
        }
        return {{"args", std::move(positional)}, {"kwargs", std::move(keywords)}};
    }

    /// An operator with the calls that its file had.
    Json operatorJson(std::size_t index) const
    {
        std::vector<std::vector<Json>> histories;
        for (const std::size_t call : m_callsOf[index]) {
            auto& own = histories.emplace_back();
            for (std::size_t i = 0; i < m_calls[call].inputs.size(); ++i)
                own.push_back(history(m_calls[call], i));
        }
        return writtenByCalls(m_model.layers[index], m_names[index], histories);
    }

    Json withNodes(std::size_t index) const
    {
        if (index < m_model.layers.size() && isWrittenByCalls(m_model.layers[index]))
            return operatorJson(index);
        auto json = isInput(index) ? layerObject(m_names[index], inputClass(m_model, *m_calls[m_callsOf[index][0]].ops[0]), true)
                                   : layerJson(index);
        json["name"] = m_names[index];
        json["inbound_nodes"] = Json::array();
        for (const auto call : m_callsOf[index]) {
            const layers::Kind* kind = layers::kind(m_calls[call].ops[0]->kind);
            const bool isNamed = kind && !kind->kerasArguments.empty();
            const bool isModern = isNamed && !memberOf(json["config"], "query_shape");
            Json node = isModern ? modernNode(m_calls[call]) : plainNode(m_calls[call]);
            if (!node.empty())
                json["inbound_nodes"].push_back(std::move(node));
        }
        return json;
    }

    const Model& m_model;
    const std::map<std::string, std::string> m_renamed;
    std::map<std::string, std::size_t> m_layerIndex;
    std::vector<Call> m_calls;
    std::vector<std::vector<std::size_t>> m_callsOf; ///< by layer
    std::vector<std::size_t> m_callOfOp;
    std::vector<std::string> m_names; ///< as they are written, by layer
};

}

std::map<std::string, std::string> kerasRenamed(const Model& model)
{
    if (model.framework != Framework::Keras)
        return {};
    std::vector<std::string> names;
    for (const Layer& layer : model.layers)
        names.push_back(layer.name);
    for (const Op& op : model.ops)
        if (op.layer.empty())
            names.push_back(op.name);
    std::set<std::string> taken(names.begin(), names.end());
    std::map<std::string, std::string> result;
    for (const std::string& name : names) {
        std::string plain = name;
        std::replace(plain.begin(), plain.end(), '/', '_');
        if (plain == name)
            continue;
        while (!taken.insert(plain).second)
            plain += "_";
        result.emplace(name, plain);
    }
    return result;
}

std::string kerasLayerName(std::string_view className)
{
    return snakeCase(className);
}

KerasArchitecture kerasArchitecture(const Model& model)
{
    ArchitectureWriter writer(model);
    return writer.isChain() ? writer.sequential() : writer.functional();
}

}
