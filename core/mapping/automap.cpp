// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/kind.h"
#include "core/mapping/fit.h"
#include "core/mapping/leftovers.h"
#include "core/mapping/links.h"
#include "core/mapping/namepairs.h"
#include "core/mapping/names.h"
#include "core/mapping/values.h"
#include "core/mapping/wiring.h"

#include <algorithm>

namespace core::mapping {

namespace {

/// Inputs whose names agree, and the last one that each side has left.
void pairInputs(Board& board)
{
    std::vector<int> left = board.sides().left.model.inputOps(), right = board.sides().right.model.inputOps();
    const auto tokens = [](const Labelled& side, int op) { return nameTokens(side.model.ops[static_cast<std::size_t>(op)].name); };
    for (std::size_t i = left.size(); i-- > 0;) {
        const auto named = [&](int op) { return tokens(board.sides().right, op) == tokens(board.sides().left, left[i]); };
        if (std::count_if(right.begin(), right.end(), named) != 1)
            continue;
        const auto mate = std::find_if(right.begin(), right.end(), named);
        board.pairInputs(left[i], *mate);
        left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
        right.erase(mate);
    }
    if (left.size() == 1 && right.size() == 1)
        board.pairInputs(left.front(), right.front());
}

bool rearranges(const Op& op)
{
    const layers::Kind* kind = layers::kind(op.kind);
    return kind && op.parameters.empty() && (kind->flattens || kind->effect == layers::Effect::Reshapes);
}

/// Two layers that put values of different sizes into another shape: what is alike of them is what they are called alone.
bool rearrangeOthers(const Sides& sides, const Pairing& pairing)
{
    if (!sides.wired || pairing.left.size() != 1 || pairing.right.size() != 1)
        return false;
    const int left = pairing.left.front(), right = pairing.right.front();
    if (!rearranges(opAt(sides.left, left)) || !rearranges(opAt(sides.right, right)))
        return false;
    const auto a = callOf(sides.left, left), b = callOf(sides.right, right);
    return a.find() && b.find() && elementCount(a.find()->shape) != elementCount(b.find()->shape);
}

}

Mapping autoMap(const Model& left, const Model& right, bool compareValues, const Progress& progress)
{
    const Sides sides = makeSides(left, right);
    Matcher matcher(sides);
    Board board(sides, matcher, compareValues, progress);
    std::vector<Pairing> contested;
    const auto followWiring = [&] {
        if (sides.wired)
            contested = pairByWiring(board);
    };
    if (sides.wired)
        pairInputs(board);
    if (compareValues)
        pairByValues(board);
    pairByNames(board);
    followWiring();
    for (int known = -1; known != board.count();) {
        known = board.count();
        pairByWeakNames(board);
        pairByShape(board);
        if (known != board.count())
            followWiring();
    }
    auto pairs = board.pairs();
    std::erase_if(pairs, [&](const auto& pair) { return rearrangeOthers(sides, pair.first); });
    const auto links = makeLinks(sides, matcher, pairs, LinkOrigin::Auto, progress);
    return {links, ambiguities(board, contested)};
}

Mapping withEquality(Mapping mapping, const Model& left, const Model& right)
{
    const Sides sides = makeSides(left, right);
    for (Link& link : mapping.links)
        for (ParameterLink& parameter : link.parameters)
            parameter.equal = equalValues(parameter, sides.left.model, sides.right.model);
    return mapping;
}

}
