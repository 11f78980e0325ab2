// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/board.h"

#include <array>
#include <map>
#include <optional>
#include <unordered_set>

namespace core::mapping {

/// Free ops one behind the other, with nothing branching off between them.
struct Chain
{
    std::vector<int> ops;
    std::optional<std::uint64_t> start, end; ///< hashes of the anchors that it begins behind and ends before; empty: not all are anchored
};

std::vector<Chain> freeChains(const Board& board, bool onLeft);

/// Pairs what lies in chains; remembers alignments, for most chains stay as they are from round to round.
class ChainPairer
{
public:
    explicit ChainPairer(Board& board) : m_board(board) {}

    /// Aligns chains that lie between the same anchors, else behind or before the same ones. Several between the same are told apart by how
    /// well they fit; those that fit equally stay open. Returns whether anything was paired.
    bool pair();
    /// What the alignments of the last round left open.
    const std::vector<Pairing>& contested() const { return m_contested; }

    /// Whether the last round held an op's chain against another: what that left open, a neighbour does not settle.
    bool hasJudged(bool onLeft, int op) const { return m_judged[onLeft].contains(op); }

private:
    using Chains = std::vector<const Chain*>;

    template <typename Key>
    bool pairByKey(const std::vector<Chain>& left, const std::vector<Chain>& right, Key key);
    bool pairBest(Chains left, Chains right);
    bool pairCertain(const Alignment& alignment);
    const Alignment& aligned(const Chain& left, const Chain& right);

    Board& m_board;
    std::map<std::array<int, 4>, Alignment> m_alignments; ///< by first and last op of both
    std::vector<Pairing> m_contested;
    std::array<std::unordered_set<int>, 2> m_judged; ///< [right, left]
};

}
