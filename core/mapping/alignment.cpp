// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/alignment.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace core::mapping {

namespace {

constexpr int adjacencyBonus = 30, unreachable = -(1 << 29);

/// One way on from a cell: how many ops of each side it takes, and whether they are paired.
struct Step
{
    std::size_t left, right;
    bool paired;
};
constexpr std::array<Step, 5> steps{{{1, 1, true}, {2, 1, true}, {1, 2, true}, {1, 0, false}, {0, 1, false}}};

/// Cells (i, j, s): i and j ops are done, s tells whether the last ops that count were paired with each other.
class Grid
{
public:
    Grid(Matcher& matcher, const Sides& sides, const std::vector<int>& left, const std::vector<int>& right, const MayPair& mayPair);
    Alignment alignment() const;

private:
    struct Cell
    {
        std::size_t i = 0, j = 0, s = 0;
    };
    struct Move
    {
        bool possible = false;
        Cell to;
        int score = 0;
    };
    std::size_t at(const Cell& cell) const { return (cell.i * (m_right.size() + 1) + cell.j) * 2 + cell.s; }
    std::size_t pairAt(std::size_t i, std::size_t j) const { return i * m_right.size() + j; }
    Move move(const Cell& from, std::size_t step) const;
    bool isOptimal(const Cell& from, const Move& move) const;
    Pairing pairing(const Cell& from, std::size_t step) const;
    bool isTransparentPairing(const Pairing& pairing) const;
    template <typename Visit>
    void forEachCell(bool forward, Visit visit) const;
    void fill();

    const Sides& m_sides;
    const std::vector<int>&m_left, &m_right;
    std::vector<int> m_single, m_twoLeft, m_twoRight; ///< scores of the three kinds of pairs
    std::vector<bool> m_transparentLeft, m_transparentRight;
    std::vector<int> m_forward, m_backward;
};

std::vector<bool> transparency(const Labelled& side, const std::vector<int>& ops)
{
    std::vector<bool> result;
    for (const int op : ops)
        result.push_back(isTransparent(side.model.ops[static_cast<std::size_t>(op)]));
    return result;
}

Grid::Grid(Matcher& matcher, const Sides& sides, const std::vector<int>& left, const std::vector<int>& right, const MayPair& mayPair)
    : m_sides(sides), m_left(left), m_right(right), m_single(left.size() * right.size()), m_twoLeft(m_single.size()),
      m_twoRight(m_single.size()), m_transparentLeft(transparency(sides.left, left)), m_transparentRight(transparency(sides.right, right))
{
    for (std::size_t i = 0; i < left.size(); ++i)
        for (std::size_t j = 0; j < right.size(); ++j) {
            const auto may = [&](std::size_t l, std::size_t r) {
                return l < left.size() && r < right.size() && (!mayPair || mayPair(left[l], right[r]));
            };
            if (may(i, j))
                m_single[pairAt(i, j)] = matcher.score(left[i], right[j]);
            if (i + 1 < left.size() && (may(i, j) || may(i + 1, j)))
                m_twoLeft[pairAt(i, j)] = matcher.match({left[i], left[i + 1]}, {right[j]}).score;
            if (j + 1 < right.size() && (may(i, j) || may(i, j + 1)))
                m_twoRight[pairAt(i, j)] = matcher.match({left[i]}, {right[j], right[j + 1]}).score;
        }
    fill();
}

Grid::Move Grid::move(const Cell& from, std::size_t step) const
{
    const auto& [left, right, paired] = steps[step];
    Move result;
    result.to = {from.i + left, from.j + right, from.s};
    if (result.to.i > m_left.size() || result.to.j > m_right.size())
        return result;
    if (!paired) {
        const bool transparent = left == 1 ? m_transparentLeft[from.i] : m_transparentRight[from.j];
        result.possible = true;
        result.to.s = transparent ? from.s : 0;
        return result;
    }
    const std::vector<int>& scores = left == 2 ? m_twoLeft : right == 2 ? m_twoRight : m_single;
    result.score = scores[pairAt(from.i, from.j)];
    result.possible = result.score > 0;
    if (!m_transparentLeft[from.i] && !m_transparentRight[from.j]) {
        result.score += from.s == 1 ? adjacencyBonus : 0;
        result.to.s = 1;
    }
    return result;
}

template <typename Visit>
void Grid::forEachCell(bool forward, Visit visit) const
{
    const std::size_t rows = m_left.size() + 1, columns = m_right.size() + 1;
    for (std::size_t a = 0; a < rows; ++a)
        for (std::size_t b = 0; b < columns; ++b)
            for (std::size_t s = 0; s < 2; ++s)
                visit(Cell{forward ? a : rows - 1 - a, forward ? b : columns - 1 - b, s});
}

void Grid::fill()
{
    m_forward.assign((m_left.size() + 1) * (m_right.size() + 1) * 2, unreachable);
    m_backward = m_forward;
    m_forward[at({0, 0, 1})] = 0; // both begin together
    forEachCell(true, [&](const Cell& cell) {
        for (std::size_t step = 0; step < steps.size(); ++step)
            if (const Move next = move(cell, step); next.possible && m_forward[at(cell)] > unreachable)
                m_forward[at(next.to)] = std::max(m_forward[at(next.to)], m_forward[at(cell)] + next.score);
    });
    m_backward[at({m_left.size(), m_right.size(), 0})] = 0;
    m_backward[at({m_left.size(), m_right.size(), 1})] = adjacencyBonus; // and end together
    forEachCell(false, [&](const Cell& cell) {
        for (std::size_t step = 0; step < steps.size(); ++step)
            if (const Move next = move(cell, step); next.possible && m_backward[at(next.to)] > unreachable)
                m_backward[at(cell)] = std::max(m_backward[at(cell)], m_backward[at(next.to)] + next.score);
    });
}

bool Grid::isOptimal(const Cell& from, const Move& move) const
{
    return move.possible && m_forward[at(from)] > unreachable &&
           m_forward[at(from)] + move.score + m_backward[at(move.to)] == m_backward[at({0, 0, 1})];
}

Pairing Grid::pairing(const Cell& from, std::size_t step) const
{
    Pairing result;
    for (std::size_t k = 0; k < steps[step].left; ++k)
        result.left.push_back(m_left[from.i + k]);
    for (std::size_t k = 0; k < steps[step].right; ++k)
        result.right.push_back(m_right[from.j + k]);
    return result;
}

bool Grid::isTransparentPairing(const Pairing& pairing) const
{
    return isTransparent(m_sides.left.model.ops[static_cast<std::size_t>(pairing.left.front())]) && pairing.left.size() == 1;
}

Alignment Grid::alignment() const
{
    std::set<Pairing> optimal;
    std::map<int, int> choicesLeft, choicesRight; ///< by op: optimal pairings that hold it, and 1 when it may stay alone
    std::map<int, bool> aloneLeft, aloneRight;
    forEachCell(true, [&](const Cell& cell) {
        for (std::size_t step = 0; step < steps.size(); ++step) {
            if (!isOptimal(cell, move(cell, step)))
                continue;
            const Pairing found = pairing(cell, step);
            if (!steps[step].paired) {
                for (const int op : found.left)
                    aloneLeft[op] = true;
                for (const int op : found.right)
                    aloneRight[op] = true;
            } else {
                optimal.insert(found);
            }
        }
    });
    for (const Pairing& pairing : optimal) {
        for (const int op : pairing.left)
            ++choicesLeft[op];
        for (const int op : pairing.right)
            ++choicesRight[op];
    }
    Alignment result;
    result.worth = optimal.empty() ? 0 : m_backward[at({0, 0, 1})];
    for (const Pairing& pairing : optimal) {
        const bool certain = std::all_of(pairing.left.begin(), pairing.left.end(),
                                         [&](int op) { return choicesLeft[op] == 1 && !aloneLeft.contains(op); }) &&
                             std::all_of(pairing.right.begin(), pairing.right.end(),
                                         [&](int op) { return choicesRight[op] == 1 && !aloneRight.contains(op); });
        if (certain)
            result.certain.push_back(pairing);
        else if (!isTransparentPairing(pairing))
            result.contested.push_back(pairing);
    }
    Cell cell{0, 0, 1};
    while (cell.i < m_left.size() || cell.j < m_right.size())
        for (std::size_t step = 0; step < steps.size(); ++step)
            if (const Move next = move(cell, step); isOptimal(cell, next)) {
                if (steps[step].paired)
                    result.path.push_back(pairing(cell, step));
                cell = next.to;
                break;
            }
    return result;
}

}

Alignment align(Matcher& matcher, const Sides& sides, const std::vector<int>& left, const std::vector<int>& right, const MayPair& mayPair)
{
    return Grid(matcher, sides, left, right, mayPair).alignment();
}

}
