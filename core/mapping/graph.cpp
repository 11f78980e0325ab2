// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/graph.h"

#include "core/layers/composite.h"
#include "core/mapping/fit.h"
#include "core/mapping/hash.h"

#include <algorithm>
#include <array>

namespace core::mapping {

namespace {

constexpr int rounds = 3;

/// Kinds and classes that one side may have and the other not without changing which layers correspond.
constexpr std::array<std::string_view, 5> seenThrough{"reshape", "permute", "contiguous", "squeeze", "unsqueeze"};
constexpr std::array<std::string_view, 5> commutative{"add", "multiply", "maximum", "minimum", "average"};

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& list, std::string_view name)
{
    return std::find(list.begin(), list.end(), name) != list.end();
}

std::size_t at(int op)
{
    return static_cast<std::size_t>(op);
}

bool isSeenThrough(const Labelled& side, int op, std::string_view kind)
{
    const Layer* layer = side.model.layer(opAt(side, op).layer);
    const layers::Kind* known = layers::kind(opAt(side, op).kind);
    if (known && known->transparent)
        return true;
    if (!known && layer)
        known = layers::kindOfClass(layer->kind); // one that cannot run
    if (!known)
        return holds(seenThrough, kind);
    const bool pads = layers::kind(opAt(side, op).kind) ? layers::padsOnly(opAt(side, op)) : known->pads;
    return known->flattens || pads || known->form == layers::Form::Probabilities || known->form == layers::Form::LogProbabilities;
}

}

Graph::Graph(const Labelled& side)
    : m_side(&side), m_uses(side.model.ops.size()), m_passes(m_uses.size()), m_isOutput(m_uses.size()), m_isCommutative(m_uses.size()),
      m_source(m_uses.size())
{
    for (const Output& output : side.model.outputs)
        m_isOutput[at(output.port.op)] = true;
    for (int op = 0; op < size(); ++op) {
        const std::string kind = family(side, op);
        const layers::Kind* known = layers::kind(opAt(side, op).kind);
        m_isCommutative[at(op)] = known ? known->commutes : holds(commutative, kind);
        m_passes[at(op)] = inputs(op).size() == 1 && opAt(side, op).parameters.empty() && isSeenThrough(side, op, kind);
        m_source[at(op)] = m_passes[at(op)] ? m_source[at(inputs(op).front().port.op)] : op;
        for (std::size_t place = 0; place < inputs(op).size(); ++place)
            m_uses[at(inputs(op)[place].port.op)].push_back({op, slot(op, place)});
    }
}

std::uint64_t Graph::slot(int op, std::size_t place) const
{
    const Input& input = inputs(op)[place];
    if (input.name.empty() && input.port.output == 0)
        return isCommutative(op) ? 0 : place;
    return joined(hashed(input.name), joined(static_cast<std::uint64_t>(input.port.output), isCommutative(op) ? 0 : place));
}

std::uint64_t anchorHash(int anchor)
{
    return joined(hashed("anchor"), static_cast<std::uint64_t>(anchor));
}

std::uint64_t useHash(std::uint64_t hash, std::uint64_t slot)
{
    return joined(hash, slot);
}

std::uint64_t outputHash()
{
    return hashed("output");
}

Structure structure(const Graph& graph, const std::vector<std::uint64_t>& colours, const std::vector<int>& anchors)
{
    const std::vector<std::uint64_t> none(colours.size());
    Structure result{none, none, colours};
    for (int op = 0; op < graph.size(); ++op)
        if (anchors[at(op)] >= 0)
            result.whole[at(op)] = anchorHash(anchors[at(op)]);
    std::vector<std::uint64_t> before = none, after = none, users = none;
    for (int round = 0; round < rounds; ++round) {
        users = none;
        for (int op = 0; op < graph.size(); ++op) {
            std::uint64_t sum = 0;
            for (std::size_t i = 0; i < graph.inputs(op).size(); ++i)
                sum += useHash(before[at(graph.source(graph.inputs(op)[i].port.op))], graph.slot(op, i));
            before[at(op)] = anchors[at(op)] >= 0 ? result.whole[at(op)] : joined(result.whole[at(op)], sum);
        }
        for (int op = graph.size() - 1; op >= 0; --op) {
            users[at(op)] = graph.isOutput(op) ? outputHash() : 0;
            for (const Graph::Use& use : graph.uses(op))
                users[at(op)] += graph.passes(use.op) ? users[at(use.op)] : useHash(after[at(use.op)], use.slot);
            after[at(op)] = anchors[at(op)] >= 0 ? result.whole[at(op)] : joined(result.whole[at(op)], users[at(op)]);
        }
        if (round == 0) {
            result.before = before;
            result.after = after;
        }
        for (int op = 0; op < graph.size(); ++op)
            if (anchors[at(op)] < 0)
                result.whole[at(op)] = joined(before[at(op)], after[at(op)]);
    }
    return result;
}

}
