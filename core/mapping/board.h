// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/mapping/alignment.h"
#include "core/mapping/evidence.h"
#include "core/mapping/graph.h"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace core::mapping {

/// What is paired so far, and what may still be.
class Board
{
public:
    Board(const Sides& sides, Matcher& matcher, bool compareValues, const Progress& progress);

    const Sides& sides() const { return m_sides; }
    const Labelled& side(bool onLeft) const { return onLeft ? m_sides.left : m_sides.right; }
    Matcher& matcher() { return m_matcher; }
    const Graph& graph(bool onLeft) const { return m_graphs[onLeft]; }
    const Progress& progress() const { return m_progress; }
    /// Tells how much is paired; throws Cancelled.
    void report() const;
    bool comparesValues() const { return m_compareValues; }

    /// Ops that take part: all but inputs; without wiring only those with parameters.
    const std::vector<int>& participants(bool onLeft) const { return m_participants[onLeft]; }
    bool isFree(bool onLeft, int op) const { return m_isFree[onLeft][index(op)]; }
    std::vector<int> free(bool onLeft, bool weightedOnly) const;
    /// By op: the number of the pair that it is in, -1 for none.
    const std::vector<int>& anchors(bool onLeft) const { return m_anchors[onLeft]; }

    /// What an op is by itself whatever the layout: its family and how many elements its greatest parameter has, and the values that it has
    /// in common with the other side. Settings take no part: they may differ within a pair.
    std::uint64_t colour(bool onLeft, int op) const { return m_colours[onLeft][index(op)]; }
    const std::vector<std::uint64_t>& colours(bool onLeft) const { return m_colours[onLeft]; }
    /// From now on `op` is a mate only for those of the other side that are given the same `hash`.
    void restrict(bool onLeft, int op, std::uint64_t hash);

    /// Whether the two may be paired: both free, kinds, shapes and stronger evidence let them.
    bool fits(int left, int right);
    /// Pairs two ops that fit, with the padding or Flatten that is a part of one of them.
    void pair(int left, int right, Rank rank);
    void pair(const Pairing& pairing, Rank rank);
    /// Inputs of both models that stand for each other: an anchor, but no link.
    void pairInputs(int left, int right);

    const std::vector<std::pair<Pairing, Evidence>>& pairs() const { return m_pairs; }
    int count() const { return m_next; }

private:
    static std::size_t index(int op) { return static_cast<std::size_t>(op); }
    std::uint64_t ownColour(const Labelled& side, int op) const;
    void take(bool onLeft, int op);
    std::vector<int> withHelper(bool onLeft, int op) const;

    const Sides& m_sides;
    Matcher& m_matcher;
    bool m_compareValues;
    const Progress& m_progress;
    std::array<Graph, 2> m_graphs;
    std::array<std::vector<int>, 2> m_participants, m_anchors; ///< [right, left]
    std::array<std::vector<bool>, 2> m_isFree;
    std::array<std::vector<std::uint64_t>, 2> m_colours;
    std::vector<std::pair<Pairing, Evidence>> m_pairs;
    int m_next = 0;
};

}
