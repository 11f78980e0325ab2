// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/graph/nest.h"

#include "core/base/error.h"
#include "core/base/held.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>
#include <unordered_set>

namespace core::formats {

namespace {

constexpr std::size_t callLimit = 1'000'000;

std::size_t callCount(const KerasLayer& layer)
{
    return std::max<std::size_t>(layer.calls.size(), 1);
}

/// One model in its place: at the top, or as a layer of another.
struct Place
{
    const KerasGraph* graph = nullptr;
    const Place* outer = nullptr;
    const KerasLayer* asLayer = nullptr; ///< in `outer`
    std::vector<std::string> path;
    std::size_t calls = 1; ///< of the whole model
    std::unordered_map<std::string, const KerasLayer*> layers;
    std::unordered_map<std::string, std::string> flatNames;
    std::unordered_map<std::string, std::size_t> inputs; ///< names of the layers that the model's arguments become
    std::unordered_map<const KerasLayer*, std::unique_ptr<Place>> inner;
};

class Flattener
{
public:
    explicit Flattener(std::string_view where) : m_where(where) {}

    KerasGraph run(const KerasGraph& graph)
    {
        m_flat.className = graph.className;
        m_flat.name = graph.name;
        m_flat.isSequential = graph.isSequential;
        Place top;
        enter(top, graph);
        addCalls(top);
        for (const auto& tensor : graph.inputs)
            m_flat.inputs.push_back(resolved(top, tensor, 0));
        for (const auto& tensor : graph.outputs)
            m_flat.outputs.push_back(resolved(top, tensor, 0));
        return std::move(m_flat);
    }

private:
    std::string flatName(const std::vector<std::string>& path)
    {
        std::string name;
        for (const auto& part : path)
            name += (name.empty() ? "" : "/") + part;
        while (!m_names.insert(name).second)
            name += "_";
        return name;
    }

    void add(const KerasLayer& layer, std::vector<std::string> path, bool isInner)
    {
        KerasLayer flat;
        flat.className = layer.className;
        flat.owner = layer.owner;
        flat.isOperator = layer.isOperator;
        flat.arguments = layer.arguments;
        flat.forms = layer.forms;
        flat.origin = layer.origin;
        flat.name = flatName(path);
        flat.config = layer.config;
        flat.attribute = layer.attribute;
        flat.isImplied = layer.isImplied && !isInner;
        flat.isInner = isInner;
        flat.path = std::move(path);
        m_flat.layers.push_back(std::move(flat));
    }

    static std::vector<std::string> below(std::vector<std::string> path, const std::string& name)
    {
        path.push_back(name);
        return path;
    }

    /// What a wrapper holds: listed under it, a model layer by layer.
    void addInner(const KerasLayer& layer, const std::vector<std::string>& path)
    {
        if (layer.graph) {
            for (const auto& part : layer.graph->layers)
                if (part.className != "InputLayer")
                    addInner(part, below(path, part.name));
            return;
        }
        add(layer, path, true);
        for (const auto& wrapped : layer.wrapped)
            addInner(wrapped, below(path, wrapped.name));
    }

    /// Older files name no module: whatever is called otherwise than Keras' own models is not one of them.
    void noteForeign(const KerasGraph& graph, const Place& place)
    {
        const bool isUsual = graph.className == "Sequential" || graph.className == "Functional" || graph.className == "Model";
        if (graph.owner.isForeign || !isUsual)
            m_flat.foreignModels.push_back((place.path.empty() ? "the model" : place.path.back()) + " is " +
                                           graph.owner.title(graph.className));
    }

    void enter(Place& place, const KerasGraph& graph)
    {
        place.graph = &graph;
        noteForeign(graph, place);
        for (std::size_t i = 0; i < graph.inputs.size() && place.outer; ++i)
            place.inputs.emplace(graph.inputs[i].layer, i);
        for (const auto& layer : graph.layers) {
            place.layers.emplace(layer.name, &layer);
            if (place.inputs.contains(layer.name))
                continue;
            if (layer.graph) {
                enterModel(place, layer);
                continue;
            }
            countCalls(place.calls * callCount(layer));
            add(layer, below(place.path, layer.name), false);
            place.flatNames.emplace(layer.name, m_flat.layers.back().name);
            const std::size_t outer = m_flat.layers.size() - 1;
            for (const auto& wrapped : layer.wrapped)
                addInner(wrapped, below(below(place.path, layer.name), wrapped.name));
            if (holdsParts(layer))
                takeParts(outer, layer);
        }
    }

    /// Wrappers that are one layer to people, as far as they hold plain layers.
    static bool holdsParts(const KerasLayer& layer)
    {
        const bool isKnown = (layer.className == "Bidirectional" || layer.className == "TimeDistributed") && !layer.owner.isForeign;
        return isKnown && std::all_of(layer.wrapped.begin(), layer.wrapped.end(), [](const KerasLayer& wrapped) {
                   return !wrapped.graph && wrapped.wrapped.empty() && !wrapped.owner.isForeign;
               });
    }

    void takeParts(std::size_t outer, const KerasLayer& layer)
    {
        for (std::size_t i = outer + 1; i < m_flat.layers.size(); ++i)
            m_flat.layers[i].partOf = m_flat.layers[outer].name;
        m_flat.layers[outer].wrapped = layer.wrapped;
    }

    void enterModel(Place& place, const KerasLayer& layer)
    {
        auto inner = std::make_unique<Place>();
        inner->outer = &place;
        inner->asLayer = &layer;
        inner->path = below(place.path, layer.name);
        inner->calls = place.calls * callCount(layer);
        countCalls(inner->calls);
        enter(*inner, *layer.graph);
        place.inner.emplace(&layer, std::move(inner));
    }

    void countCalls(std::size_t more)
    {
        m_calls += more;
        if (more > callLimit || m_calls > callLimit)
            throw Error("keras-graph")
                .expected(fmt::format("at most {} calls of layers", callLimit))
                .found("models that are used so often in each other that they need more")
                .at(m_where);
    }

    void addCalls(const Place& place)
    {
        std::unordered_map<std::string, std::size_t> index;
        for (std::size_t i = 0; i < m_flat.layers.size(); ++i)
            index.emplace(m_flat.layers[i].name, i);
        addCalls(place, index);
    }

    void addCalls(const Place& place, const std::unordered_map<std::string, std::size_t>& index)
    {
        for (const auto& layer : place.graph->layers) {
            if (const auto inner = place.inner.find(&layer); inner != place.inner.end()) {
                addCalls(*inner->second, index);
                continue;
            }
            const auto name = place.flatNames.find(layer.name);
            if (name == place.flatNames.end())
                continue;
            auto& flat = m_flat.layers[held(index, name->second)];
            for (std::size_t call = 0; call < place.calls && !layer.calls.empty(); ++call)
                for (const auto& inputs : layer.calls) {
                    auto& list = flat.calls.emplace_back();
                    for (const auto& tensor : inputs)
                        list.push_back(resolved(place, tensor, call));
                }
        }
    }

    [[noreturn]] void nothing(const KerasTensor& tensor, const Place& place) const
    {
        const auto by = place.path.empty() ? std::string("the model") : place.path.back();
        throw Error("keras-graph")
            .expected(fmt::format("call {} of a layer called {}", tensor.node, printable(tensor.layer)))
            .found("none, though " + printable(by) + " needs it")
            .at(m_where);
    }

    /// The tensor in the flat graph: into models through their outputs, out of them through their arguments.
    KerasTensor resolved(const Place& start, const KerasTensor& asked, std::size_t call) const
    {
        const Place* place = &start;
        KerasTensor tensor = asked;
        for (std::size_t steps = 0; steps < 10'000; ++steps) {
            if (const auto input = place->inputs.find(tensor.layer); input != place->inputs.end()) {
                const auto& calls = place->asLayer->calls;
                if (calls.empty() || input->second >= calls[call % calls.size()].size())
                    nothing(tensor, *place);
                tensor = calls[call % calls.size()][input->second];
                call /= calls.size();
                place = place->outer;
                continue;
            }
            const auto layer = place->layers.find(tensor.layer);
            if (layer == place->layers.end() || tensor.node >= callCount(*layer->second))
                nothing(tensor, *place);
            const auto inner = place->inner.find(layer->second);
            call = call * callCount(*layer->second) + tensor.node;
            if (inner == place->inner.end())
                return {held(place->flatNames, tensor.layer), call, tensor.tensor, asked.name, asked.argument};
            if (tensor.tensor >= inner->second->graph->outputs.size())
                nothing(tensor, *place);
            tensor = inner->second->graph->outputs[tensor.tensor];
            place = inner->second.get();
        }
        throw Error("keras-graph")
            .expected("a graph without cycles")
            .found("models that only hand on their inputs to each other")
            .at(m_where);
    }

    std::string_view m_where;
    KerasGraph m_flat;
    std::unordered_set<std::string> m_names;
    std::size_t m_calls = 0;
};

}

KerasGraph flattened(const KerasGraph& graph, std::string_view where)
{
    return Flattener(where).run(graph);
}

}
