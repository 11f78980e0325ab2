// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/chains.h"

#include "core/mapping/hash.h"

#include <algorithm>

namespace core::mapping {

namespace {

constexpr std::size_t greatestGrid = 1'000'000, mostChains = 32;

std::size_t at(int op)
{
    return static_cast<std::size_t>(op);
}

/// By op: the anchors that its value goes into next, empty while some use is not anchored.
std::vector<std::optional<std::uint64_t>> ends(const Board& board, bool onLeft)
{
    const Graph& graph = board.graph(onLeft);
    const std::vector<int>& anchors = board.anchors(onLeft);
    std::vector<std::optional<std::uint64_t>> result(at(graph.size()));
    for (int op = graph.size() - 1; op >= 0; --op) {
        std::optional<std::uint64_t> sum = graph.isOutput(op) ? outputHash() : 0;
        for (const Graph::Use& use : graph.uses(op)) {
            if (graph.passes(use.op))
                sum = sum && result[at(use.op)] ? std::optional(*sum + *result[at(use.op)]) : std::nullopt;
            else if (sum && anchors[at(use.op)] >= 0)
                *sum += useHash(anchorHash(anchors[at(use.op)]), use.slot);
            else
                sum.reset();
        }
        result[at(op)] = sum;
    }
    return result;
}

std::optional<std::uint64_t> startOf(const Board& board, bool onLeft, int op)
{
    const Graph& graph = board.graph(onLeft);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < graph.inputs(op).size(); ++i) {
        const int anchor = board.anchors(onLeft)[at(graph.source(graph.inputs(op)[i].port.op))];
        if (anchor < 0)
            return {};
        sum += useHash(anchorHash(anchor), graph.slot(op, i));
    }
    return sum;
}

/// The op behind `op` in its chain, -1 at the end.
int next(const Board& board, bool onLeft, int op)
{
    const Graph& graph = board.graph(onLeft);
    const auto& uses = graph.uses(op);
    if (graph.isOutput(op) || uses.size() != 1)
        return -1;
    const int user = uses.front().op;
    return board.isFree(onLeft, user) && graph.inputs(user).size() == 1 ? user : -1;
}

}

std::vector<Chain> freeChains(const Board& board, bool onLeft)
{
    const Graph& graph = board.graph(onLeft);
    const auto after = ends(board, onLeft);
    std::vector<bool> isInner(at(graph.size()));
    for (const int op : board.participants(onLeft))
        if (const int following = board.isFree(onLeft, op) ? next(board, onLeft, op) : -1; following >= 0)
            isInner[at(following)] = true;
    std::vector<Chain> result;
    for (const int op : board.participants(onLeft)) {
        if (!board.isFree(onLeft, op) || isInner[at(op)])
            continue;
        Chain chain;
        for (int member = op; member >= 0; member = next(board, onLeft, member))
            chain.ops.push_back(member);
        chain.start = startOf(board, onLeft, op);
        chain.end = after[at(chain.ops.back())];
        result.push_back(std::move(chain));
    }
    return result;
}

const Alignment& ChainPairer::aligned(const Chain& left, const Chain& right)
{
    m_board.report();
    const auto [known, isNew] =
        m_alignments.try_emplace({left.ops.front(), left.ops.back(), right.ops.front(), right.ops.back()}, Alignment());
    if (isNew && left.ops.size() * right.ops.size() <= greatestGrid)
        known->second = align(m_board.matcher(), m_board.sides(), left.ops, right.ops, [&](int l, int r) { return m_board.fits(l, r); });
    return known->second;
}

bool ChainPairer::pairCertain(const Alignment& alignment)
{
    m_contested.insert(m_contested.end(), alignment.contested.begin(), alignment.contested.end());
    for (const Pairing& pairing : alignment.certain)
        m_board.pair(pairing, Rank::Wiring);
    return !alignment.certain.empty();
}

/// Pairs the two that fit each other better than either fits any other, then looks again without them.
bool ChainPairer::pairBest(Chains left, Chains right)
{
    if (left.size() > mostChains || right.size() > mostChains)
        return false;
    const auto isBest = [&](const Chain* l, const Chain* r) {
        const int worth = aligned(*l, *r).worth;
        const auto isWorse = [&](const Chain* a, const Chain* b) { return (a == l && b == r) || aligned(*a, *b).worth < worth; };
        return worth > 0 && std::all_of(left.begin(), left.end(), [&](const Chain* other) { return isWorse(other, r); }) &&
               std::all_of(right.begin(), right.end(), [&](const Chain* other) { return isWorse(l, other); });
    };
    bool any = false;
    for (std::size_t i = 0; i < left.size();) {
        const auto mate = std::find_if(right.begin(), right.end(), [&](const Chain* r) { return isBest(left[i], r); });
        if (mate == right.end()) {
            ++i;
            continue;
        }
        any = pairCertain(aligned(*left[i], **mate)) || any;
        left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
        right.erase(mate);
        i = 0;
    }
    return any;
}

/// Chains of both sides under the same key.
template <typename Key>
bool ChainPairer::pairByKey(const std::vector<Chain>& left, const std::vector<Chain>& right, Key key)
{
    std::map<std::uint64_t, std::pair<Chains, Chains>> groups;
    for (const Chain& chain : left)
        if (const auto hash = key(chain))
            groups[*hash].first.push_back(&chain);
    for (const Chain& chain : right)
        if (const auto hash = key(chain))
            groups[*hash].second.push_back(&chain);
    bool any = false;
    for (const auto& [hash, group] : groups) {
        if (group.first.empty() || group.second.empty())
            continue;
        for (const bool onLeft : {true, false})
            for (const Chain* chain : onLeft ? group.first : group.second)
                m_judged[onLeft].insert(chain->ops.begin(), chain->ops.end());
        any = pairBest(group.first, group.second) || any;
    }
    return any;
}

bool ChainPairer::pair()
{
    using Key = std::optional<std::uint64_t>;
    m_contested.clear();
    m_judged = {};
    const std::vector<Chain> left = freeChains(m_board, true), right = freeChains(m_board, false);
    const auto both = [](const Chain& chain) { return chain.start && chain.end ? Key(joined(*chain.start, *chain.end)) : Key(); };
    return pairByKey(left, right, both) || pairByKey(left, right, [](const Chain& chain) { return chain.start; }) ||
           pairByKey(left, right, [](const Chain& chain) { return chain.end; });
}

}
