// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/board.h"

#include "core/mapping/fit.h"
#include "core/mapping/hash.h"

#include <algorithm>

namespace core::mapping {

Board::Board(const Sides& sides, Matcher& matcher, bool compareValues, const Progress& progress)
    : m_sides(sides), m_matcher(matcher), m_compareValues(compareValues),
      m_progress(progress), m_graphs{Graph(sides.right), Graph(sides.left)}
{
    for (const bool onLeft : {false, true}) {
        const Model& model = side(onLeft).model;
        m_anchors[onLeft].assign(model.ops.size(), -1);
        m_isFree[onLeft].assign(model.ops.size(), false);
        for (int op = 0; op < static_cast<int>(model.ops.size()); ++op) {
            const Op& own = model.ops[index(op)];
            m_colours[onLeft].push_back(ownColour(side(onLeft), op));
            if (own.kind == "input" || (!sides.wired && own.parameters.empty()))
                continue;
            m_participants[onLeft].push_back(op);
            m_isFree[onLeft][index(op)] = true;
        }
    }
}

namespace {

/// Whether only one framework has such a parameter of the op's kind: an attention's projections are one or three.
bool isSplitOtherwise(const Op& op, const std::string& role)
{
    int having = 0, lacking = 0;
    for (const Framework framework : {Framework::Torch, Framework::Keras}) {
        const std::vector<layers::Role> roles = layers::rolesOf(op, framework);
        const bool has = std::any_of(roles.begin(), roles.end(), [&](const layers::Role& one) { return one.role == role; });
        having += has;
        lacking += !roles.empty() && !has;
    }
    return having == 1 && lacking == 1;
}

}

std::uint64_t Board::ownColour(const Labelled& side, int index) const
{
    const Op& op = opAt(side, index);
    std::int64_t greatest = 0, all = 0;
    std::string of;
    for (const auto& [role, name] : op.parameters)
        if (const Parameter* parameter = side.model.parameter(name)) {
            all += core::count(*parameter);
            if (role != "count" && core::count(*parameter) > greatest) {
                greatest = core::count(*parameter);
                of = role;
            }
        }
    if (greatest > 0 && isSplitOtherwise(op, of))
        greatest = all;
    const bool unknown = op.kind.empty() && !op.parameters.empty();
    if (unknown && !sameNames(m_sides.left.model, m_sides.right.model))
        greatest = 0; // how the frameworks split such weights is not known
    const bool byShape = unknown && greatest > 0;
    return joined(byShape ? hashed("unknown") : hashed(family(side, index)), static_cast<std::uint64_t>(greatest));
}

std::vector<int> Board::free(bool onLeft, bool weightedOnly) const
{
    std::vector<int> result;
    for (const int op : participants(onLeft))
        if (isFree(onLeft, op) && (!weightedOnly || !opAt(side(onLeft), op).parameters.empty()))
            result.push_back(op);
    return result;
}

void Board::restrict(bool onLeft, int op, std::uint64_t hash)
{
    std::uint64_t& colour = m_colours[onLeft][index(op)];
    colour = joined(colour, hash);
}

bool Board::fits(int left, int right)
{
    return isFree(true, left) && isFree(false, right) && colour(true, left) == colour(false, right) && m_matcher.score(left, right) > 0;
}

void Board::report() const
{
    const std::size_t all = std::min(m_participants[0].size(), m_participants[1].size());
    m_progress.report(all == 0 ? 1 : std::min(1.0, static_cast<double>(m_pairs.size()) / static_cast<double>(all)));
}

/// `op` with the op in front of it or behind it that makes a pattern with it; `op` alone when there is none.
std::vector<int> Board::withHelper(bool onLeft, int op) const
{
    const Labelled& own = side(onLeft);
    if (const int before = onlyProducer(opAt(own, op)); before >= 0)
        if (const auto* pattern = layers::compositeOf(opAt(own, before), opAt(own, op), callOf(own, before).find());
            pattern && pattern->main == 1)
            return {before, op};
    if (const auto& uses = graph(onLeft).uses(op); uses.size() == 1)
        if (const auto* pattern = layers::compositeOf(opAt(own, op), opAt(own, uses.front().op), callOf(own, op).find());
            pattern && pattern->main == 0)
            return {op, uses.front().op};
    return {op};
}

void Board::take(bool onLeft, int op)
{
    m_isFree[onLeft][index(op)] = false;
    m_anchors[onLeft][index(op)] = m_next;
}

void Board::pair(const Pairing& pairing, Rank rank)
{
    for (const int op : pairing.left)
        take(true, op);
    for (const int op : pairing.right)
        take(false, op);
    ++m_next;
    m_pairs.emplace_back(pairing, Evidence{rank, m_compareValues});
}

void Board::pair(int left, int right, Rank rank)
{
    Pairing pairing{{left}, {right}};
    if (m_sides.wired) {
        const std::vector<int> wholeLeft = withHelper(true, left), wholeRight = withHelper(false, right);
        const auto isFreeOn = [&](bool onLeft) { return [this, onLeft](int op) { return isFree(onLeft, op); }; };
        const bool helped = wholeLeft.size() + wholeRight.size() == 3 && std::all_of(wholeLeft.begin(), wholeLeft.end(), isFreeOn(true)) &&
                            std::all_of(wholeRight.begin(), wholeRight.end(), isFreeOn(false));
        if (helped && m_matcher.match(wholeLeft, wholeRight).score > m_matcher.score(left, right))
            pairing = {wholeLeft, wholeRight};
    }
    pair(pairing, rank);
}

void Board::pairInputs(int left, int right)
{
    take(true, left);
    take(false, right);
    ++m_next;
}

}
