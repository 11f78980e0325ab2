// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/graph/graph.h"

#include "core/base/error.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

namespace core::formats {

namespace {

constexpr std::size_t notYet = static_cast<std::size_t>(-1);

class Orderer
{
public:
    Orderer(const KerasGraph& graph, std::string_view where) : m_graph(graph), m_where(where)
    {
        for (std::size_t layer = 0; layer < graph.layers.size(); ++layer) {
            const std::size_t calls = graph.layers[layer].isInner ? 0 : std::max<std::size_t>(graph.layers[layer].calls.size(), 1);
            m_first[graph.layers[layer].name] = {m_all.size(), calls};
            for (std::size_t node = 0; node < calls; ++node)
                m_all.push_back({layer, node, {}});
        }
        for (auto& call : m_all)
            connect(call);
    }

    KerasOrder order()
    {
        m_place.assign(m_all.size(), notYet);
        m_open.assign(m_all.size(), false);
        for (std::size_t i = 0; i < m_all.size(); ++i)
            visit(i);
        for (const auto& output : m_graph.outputs)
            m_result.outputs.push_back(m_place[indexOf(output, "the outputs")]);
        return std::move(m_result);
    }

private:
    std::size_t indexOf(const KerasTensor& tensor, std::string_view by) const
    {
        const auto found = m_first.find(tensor.layer);
        if (found == m_first.end() || tensor.node >= found->second.second)
            throw Error("keras-graph")
                .expected(fmt::format("call {} of a layer called {}", tensor.node, printable(tensor.layer)))
                .found("none, though " + printable(by) + " need it")
                .at(m_where);
        return found->second.first + tensor.node;
    }

    void connect(KerasCall& call)
    {
        const auto& layer = m_graph.layers[call.layer];
        if (call.node >= layer.calls.size())
            return;
        for (const auto& tensor : layer.calls[call.node])
            call.inputs.push_back(indexOf(tensor, layer.name + "'s inputs"));
    }

    // Depth first with a stack of our own: a file may nest as deep as it likes.
    void visit(std::size_t start)
    {
        std::vector<std::pair<std::size_t, std::size_t>> stack{{start, 0}};
        if (m_place[start] != notYet)
            return;
        m_open[start] = true;
        while (!stack.empty()) {
            auto& [call, next] = stack.back();
            if (next < m_all[call].inputs.size()) {
                const auto producer = m_all[call].inputs[next++];
                if (m_place[producer] != notYet)
                    continue;
                if (m_open[producer])
                    throw Error("keras-graph")
                        .expected("a graph without cycles")
                        .found("a layer that needs its own result: " + printable(m_graph.layers[m_all[producer].layer].name))
                        .at(m_where);
                m_open[producer] = true;
                stack.emplace_back(producer, 0);
                continue;
            }
            place(call);
            stack.pop_back();
        }
    }

    void place(std::size_t index)
    {
        auto call = m_all[index];
        for (auto& input : call.inputs)
            input = m_place[input];
        m_place[index] = m_result.calls.size();
        m_result.calls.push_back(std::move(call));
    }

    const KerasGraph& m_graph;
    std::string_view m_where;
    std::unordered_map<std::string, std::pair<std::size_t, std::size_t>> m_first; ///< name -> first call, number of calls
    std::vector<KerasCall> m_all;
    std::vector<std::size_t> m_place;
    std::vector<bool> m_open;
    KerasOrder m_result;
};

}

KerasOrder computationOrder(const KerasGraph& graph, std::string_view where)
{
    return Orderer(graph, where).order();
}

}
