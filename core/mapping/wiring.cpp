// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/wiring.h"

#include "core/base/held.h"
#include "core/mapping/chains.h"
#include "core/mapping/hash.h"

#include <array>
#include <map>
#include <set>
#include <unordered_map>

namespace core::mapping {

namespace {

/// Rounds cost time in proportion to the graph; what this many leave open is told as ambiguous.
constexpr std::int64_t greatestWork = 20'000'000;
constexpr std::size_t mostClassPairs = 200'000;

using Hashes = std::vector<std::uint64_t>;

std::size_t at(int op)
{
    return static_cast<std::size_t>(op);
}

/// By left op: the only one on the right under the same hash, -1 where either side has none or several.
std::unordered_map<int, int> uniqueMates(const Board& board, const Hashes& left, const Hashes& right)
{
    struct Holders
    {
        int left = -1, right = -1, countLeft = 0, countRight = 0;
    };
    std::unordered_map<std::uint64_t, Holders> holders;
    for (const int op : board.free(true, false)) {
        Holders& own = holders[left[at(op)]];
        own.left = op;
        ++own.countLeft;
    }
    for (const int op : board.free(false, false))
        if (const auto found = holders.find(right[at(op)]); found != holders.end()) {
            found->second.right = op;
            ++found->second.countRight;
        }
    std::unordered_map<int, int> result;
    for (const auto& [hash, own] : holders)
        if (own.countLeft == 1 && own.countRight == 1)
            result.emplace(own.left, own.right);
    return result;
}

/// A padding or a Flatten comes last: it may be a part of the op beside it.
bool pairMates(Board& board, const std::unordered_map<int, int>& mates)
{
    bool any = false;
    for (const bool passing : {false, true})
        for (const auto& [left, right] : mates)
            if (board.graph(true).passes(left) == passing && board.fits(left, right)) {
                board.pair(left, right, Rank::Wiring);
                any = true;
            }
    return any;
}

/// Mates by one direction alone count where the other direction names no other mate.
std::unordered_map<int, int> undisputed(const std::unordered_map<int, int>& mates, const std::unordered_map<int, int>& others)
{
    std::unordered_map<int, int> ofRight, result;
    for (const auto& [left, right] : others)
        ofRight.emplace(right, left);
    for (const auto& [left, right] : mates) {
        const auto other = others.find(left);
        const auto back = ofRight.find(right);
        if ((other == others.end() || other->second == right) && (back == ofRight.end() || back->second == left))
            result.emplace(left, right);
    }
    return result;
}

bool pairByStructure(Board& board, const Hashes& left, const Hashes& right)
{
    const Structure a = structure(board.graph(true), left, board.anchors(true)),
                    b = structure(board.graph(false), right, board.anchors(false));
    if (pairMates(board, uniqueMates(board, a.whole, b.whole)))
        return true;
    const auto before = uniqueMates(board, a.before, b.before), after = uniqueMates(board, a.after, b.after);
    auto mates = undisputed(before, after);
    mates.merge(undisputed(after, before));
    return pairMates(board, mates);
}

/// Colours that tell settings too: of ops between which no difference is known.
class Settings
{
public:
    explicit Settings(Board& board);
    Hashes colours(bool onLeft) const;

private:
    int root(int id) const;

    Board& m_board;
    std::map<int, int> m_parents; ///< of classes
};

Settings::Settings(Board& board) : m_board(board)
{
    std::map<std::uint64_t, std::array<std::map<int, int>, 2>> classes; ///< by colour and side: an op of each class
    for (const bool onLeft : {false, true})
        for (const int op : board.participants(onLeft))
            classes[board.colour(onLeft, op)][onLeft].emplace(board.matcher().classOf(onLeft, op), op);
    for (const auto& [colour, sides] : classes) {
        if (sides[0].size() * sides[1].size() > mostClassPairs)
            continue;
        for (const auto& [left, l] : sides[1])
            for (const auto& [right, r] : sides[0]) {
                const Match& match = board.matcher().match(l, r);
                if (match.score > 0 && match.sameKind && match.difference.empty() && match.missing.empty())
                    m_parents[root(left)] = root(right);
            }
    }
}

int Settings::root(int id) const
{
    for (auto parent = m_parents.find(id); parent != m_parents.end() && parent->second != id; parent = m_parents.find(id))
        id = parent->second;
    return id;
}

Hashes Settings::colours(bool onLeft) const
{
    Hashes result = m_board.colours(onLeft);
    for (const int op : m_board.participants(onLeft))
        result[at(op)] = joined(result[at(op)], static_cast<std::uint64_t>(root(m_board.matcher().classOf(onLeft, op))));
    return result;
}

/// Neighbours of anchors that are the only ones of their colour there, unless another anchor says otherwise.
bool pairNeighbours(Board& board, const ChainPairer& chains)
{
    using Place = std::pair<int, std::uint64_t>; ///< anchor and colour
    std::map<int, std::set<int>> ofLeft, ofRight;
    for (const bool downwards : {true, false}) {
        std::map<Place, std::array<std::vector<int>, 2>> places;
        for (const bool onLeft : {false, true}) {
            const Graph& graph = board.graph(onLeft);
            const auto add = [&](int anchor, int op) {
                if (anchor < 0 || !board.isFree(onLeft, op) || chains.hasJudged(onLeft, op))
                    return;
                std::vector<int>& ops = places[{anchor, board.colour(onLeft, op)}][onLeft];
                if (ops.empty() || ops.back() != op)
                    ops.push_back(op);
            };
            for (const int op : board.participants(onLeft))
                for (const Input& input : graph.inputs(op)) {
                    const int source = graph.source(input.port.op);
                    if (downwards)
                        add(board.anchors(onLeft)[at(source)], op);
                    else
                        add(board.anchors(onLeft)[at(op)], source);
                }
        }
        for (const auto& [place, ops] : places)
            if (ops[0].size() == 1 && ops[1].size() == 1) {
                ofLeft[ops[1].front()].insert(ops[0].front());
                ofRight[ops[0].front()].insert(ops[1].front());
            }
    }
    std::unordered_map<int, int> mates;
    for (const auto& [left, rights] : ofLeft)
        if (rights.size() == 1 && held(ofRight, *rights.begin()).size() == 1)
            mates.emplace(left, *rights.begin());
    return pairMates(board, mates);
}

}

std::vector<Pairing> pairByWiring(Board& board)
{
    const auto size = static_cast<std::int64_t>(board.graph(true).size() + board.graph(false).size());
    ChainPairer chains(board);
    const Settings settings(board);
    const Hashes left = settings.colours(true), right = settings.colours(false);
    for (std::int64_t work = 0; work < greatestWork; work += size) {
        board.report();
        if (pairByStructure(board, board.colours(true), board.colours(false)) || pairByStructure(board, left, right))
            continue;
        bool any = false;
        for (; work < greatestWork && chains.pair(); work += size)
            any = true;
        if (!any && !pairNeighbours(board, chains))
            break;
    }
    return chains.contested();
}

}
