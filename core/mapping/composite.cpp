// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/fit.h"

namespace core::mapping {

Match Matcher::match(const std::vector<int>& left, const std::vector<int>& right)
{
    if (!m_sides.wired)
        return {};
    const bool twoOnLeft = left.size() == 2;
    const Labelled& two = twoOnLeft ? m_sides.left : m_sides.right;
    const Labelled& one = twoOnLeft ? m_sides.right : m_sides.left;
    const std::vector<int>& pair = twoOnLeft ? left : right;
    const int single = twoOnLeft ? right.front() : left.front();
    const Op &first = opAt(two, pair[0]), &second = opAt(two, pair[1]), &whole = opAt(one, single);
    const layers::Composite* pattern = layers::compositeOf(first, second, callOf(two, pair[0]).find());
    const bool runs = first.unsupported.empty() && second.unsupported.empty() && whole.unsupported.empty();
    if (!pattern || !runs || !takesOnly(second, pair[0]))
        return {};
    const std::optional<Op> merged = pattern->whole(first, second, whole);
    if (!merged)
        return {};
    const Op& main = pattern->main == 0 ? first : second;
    Match match;
    match.pattern = pattern;
    match.missing = missingRoles(two.model, main, one.model, whole);
    match.difference = pattern->caveat(first, second);
    const bool bearsWeights = !main.parameters.empty() || !whole.parameters.empty();
    if (settingsDifference({*merged, std::vector{callOf(two, pair[0]).find()}}, callOf(one, single)).empty() &&
        parameterObstacle(two.model, main, one.model, whole).id.empty() && !lacksWeights(two.model, main, one.model, whole))
        match.score = (bearsWeights ? weightedScore : plainScore) + paddingScore - (match.missing.empty() ? 0 : missingPenalty);
    return match;
}

}
