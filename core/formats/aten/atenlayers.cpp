// SPDX-License-Identifier: GPL-3.0-or-later
// The second half of AtenGraph: from operators in order to layers with names.
#include "core/formats/aten/atengraph.h"
#include "core/formats/torch/torchcontent.h"
#include "core/layers/kind.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_set>

namespace core::formats {

std::string atenLayerName(const AtenModule& module)
{
    if (!module.path.empty())
        return module.path;
    std::string name = module.className.empty() ? "model" : module.className;
    std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return name;
}

namespace {

/// `wanted`, or with the first free number behind it: "relu", "relu_1".
class Names
{
public:
    void reserve(const std::string& name) { m_taken.insert(name); }
    std::string unique(const std::string& wanted)
    {
        std::string name = wanted;
        for (int& number = m_next[wanted]; !m_taken.insert(name).second;)
            name = fmt::format("{}_{}", wanted, ++number);
        return name;
    }

private:
    std::unordered_set<std::string> m_taken;
    std::unordered_map<std::string, int> m_next;
};

}

void AtenGraph::finish(const AtenValue& result, const std::vector<const AtenModule*>& modules)
{
    std::vector<AtenValue> tensors;
    collect(result, tensors);
    m_model.wired = true;
    for (const AtenValue& tensor : tensors) {
        const auto op = static_cast<int>(opOf(tensor.value));
        const bool isThere = tensor.output < layers::outputCount(m_model.ops[static_cast<std::size_t>(op)]);
        if (const Output output(Port(op, isThere ? tensor.output : 0));
            std::find(m_model.outputs.begin(), m_model.outputs.end(), output) == m_model.outputs.end())
            m_model.outputs.push_back(output);
    }
    if (m_fixedBatch)
        m_model.notes.push_back(
            torchNote("torch-batch", Note::Severity::Info, "The network was recorded for one size of batch; it is shown and run for any."));
    foldAttentions();
    settleInner(modules);
    nameOps(modules);
    addComputed();
    settleParameters();
    addLayers(modules);
    checkFlattenings();
}

void AtenGraph::nameOps(const std::vector<const AtenModule*>& modules)
{
    Names layers, ops;
    for (const AtenModule* module : modules)
        if (module->isLeaf)
            layers.reserve(atenLayerName(*module));
    std::map<std::string, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        if (m_model.ops[i].kind == "input")
            continue;
        const AtenModule* module = m_nodes[i].module;
        const bool isOwn = module && module->isLeaf;
        const std::string path = module && !module->path.empty() ? module->path + "." : "";
        m_model.ops[i].layer = isOwn ? atenLayerName(*module) : layers.unique(path + m_nodes[i].name);
        ops.reserve(m_model.ops[i].layer);
        members[m_model.ops[i].layer].push_back(i);
    }
    for (const auto& [layer, indices] : members) {
        int call = 1;
        const int lastCall = m_nodes[indices.back()].invocation;
        for (std::size_t k = 0; k < indices.size(); ++k) {
            const Node& node = m_nodes[indices[k]];
            const bool endsCall = k + 1 == indices.size() || m_nodes[indices[k + 1]].invocation != node.invocation;
            std::string name = layer;
            if (node.invocation != lastCall)
                name += fmt::format(":call{}", call);
            if (!endsCall)
                name += ":" + node.name;
            m_model.ops[indices[k]].name = name == layer ? name : ops.unique(name);
            call += endsCall ? 1 : 0;
        }
    }
    for (Op& op : m_model.ops)
        if (op.kind == "input")
            op.name = ops.unique(op.name);
}

/// To the model's parameters, which must be all: pointers to them end here.
void AtenGraph::addComputed()
{
    m_parameters.clear();
    for (Parameter& parameter : m_computed)
        m_model.parameters.push_back(std::move(parameter));
    m_computed.clear();
}

/// A parameter belongs to the module that holds it, or to the operator that uses it when that module is no layer; its role is what it
/// is used for.
void AtenGraph::settleParameters()
{
    std::unordered_map<std::string, std::pair<const Op*, std::string>> uses;
    std::unordered_set<std::string> layers;
    for (const Op& op : m_model.ops) {
        layers.insert(op.layer);
        for (const auto& [role, name] : op.parameters)
            uses.emplace(name, std::pair(&op, role));
    }
    for (Parameter& parameter : m_model.parameters) {
        const auto made = m_normalised.find(parameter.name);
        const auto use = uses.find(made == m_normalised.end() ? parameter.name : made->second);
        if (use == uses.end())
            continue;
        if (made != m_normalised.end()) {
            parameter.layer = use->second.first->layer;
            continue;
        }
        parameter.role = use->second.second;
        if (!layers.contains(parameter.layer))
            parameter.layer = use->second.first->layer;
    }
}

void AtenGraph::addLayers(const std::vector<const AtenModule*>& modules)
{
    std::unordered_map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        const Op& op = m_model.ops[i];
        const Node& node = m_nodes[i];
        if (op.layer.empty())
            continue;
        const auto [place, isNew] = places.emplace(op.layer, m_model.layers.size());
        const bool isOwn = node.module && node.module->isLeaf;
        if (isNew)
            m_model.layers.push_back({op.layer, isOwn ? node.module->className : node.name, {}, {}, true});
        Layer& layer = m_model.layers[place->second];
        layer.supported = layer.supported && op.unsupported.empty();
        if (isNew && isOwn)
            layer.attributes = node.module->attributes;
        for (const auto& [key, value] : node.raw)
            if (!layer.attributes.has(key))
                layer.attributes.set(key, value);
    }
    std::unordered_map<std::string, const AtenModule*> owners;
    for (const AtenModule* module : modules)
        owners.emplace(atenLayerName(*module), module);
    for (const Parameter& parameter : m_model.parameters) {
        const auto [place, isNew] = places.emplace(parameter.layer, m_model.layers.size());
        if (isNew) {
            const auto owner = owners.find(parameter.layer);
            const bool isKnown = owner != owners.end();
            m_model.layers.push_back(
                {parameter.layer, isKnown ? owner->second->className : "", isKnown ? owner->second->attributes : Attributes(), {}, false});
        }
        m_model.layers[place->second].parameters.push_back(parameter.name);
    }
}

/// A view to [-1, n] flattens only where each sample has n values: by the shapes that flow, or by the nn.Linear that takes them.
void AtenGraph::checkFlattenings()
{
    const auto isOpen = [](const Node& node) { return node.features > 0; };
    if (std::none_of(m_nodes.begin(), m_nodes.end(), isOpen))
        return;
    const std::optional<Shape> shape = m_model.inputShape ? m_model.inputShape : layers::guessInputShape(m_model);
    layers::Values values(m_model.ops.size());
    if (shape && m_model.inputOps().size() == 1) {
        const layers::Value input = layers::inputValue(m_model, *shape);
        values = layers::inferValues(m_model, std::span(&input, 1));
    }
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        if (!isOpen(m_nodes[i]))
            continue;
        const bool isSure = values[i] ? values[i]->shape.back() == m_nodes[i].features : feedsLinear(i, m_nodes[i].features);
        if (isSure)
            continue;
        Op& op = m_model.ops[i];
        op.unsupported = fmt::format("it reshapes to [-1,{}], which may not be one row a sample", m_nodes[i].features);
        for (Layer& layer : m_model.layers)
            if (layer.name == op.layer)
                layer.supported = false;
    }
}

bool AtenGraph::feedsLinear(std::size_t index, std::int64_t features) const
{
    for (std::size_t i = index + 1; i < m_model.ops.size(); ++i) {
        const Op& op = m_model.ops[i];
        if (!takesOnly(op, static_cast<int>(index)))
            continue;
        const layers::Kind* kind = layers::kind(op.kind);
        const auto in = m_nodes[i].raw.has("in_features") ? m_nodes[i].raw.integer("in_features") : -1;
        if (kind && kind->effect == layers::Effect::Makes)
            return in == features;
        if (kind && (kind->transparent || kind->activation))
            return feedsLinear(i, features);
    }
    return false;
}

}
