// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/fit.h"

#include <algorithm>
#include <functional>

namespace core::mapping {

namespace {

/// Padding added up: `op` as it would be with the zero padding in front of it taken into its own settings.
Op withPadding(Op op, const Op& padding)
{
    Ints pads = padding.attributes.integers("pads", 4);
    if (op.attributes.string("padding", "valid") == "explicit") {
        const Ints own = op.attributes.integers("pads", 4);
        std::transform(pads.begin(), pads.end(), own.begin(), pads.begin(), std::plus<>());
    }
    op.attributes.set("padding", std::string("explicit"));
    op.attributes.set("pads", pads);
    if (op.kind == "avgpool2d")
        op.attributes.set("count_pad", true);
    return op;
}

/// [padding, windowed op] against one windowed op.
Match paddedMatch(const Labelled& two, int padding, int op, const Labelled& one, int single)
{
    const Op& a = opAt(two, op);
    const Op& b = opAt(one, single);
    const bool windowed = a.kind == b.kind && (a.kind == "conv2d" || a.kind == "avgpool2d" || a.kind == "maxpool2d");
    if (!windowed || a.inputs != std::vector{padding} || a.attributes.string("padding", "valid") == "same" ||
        b.attributes.string("padding", "valid") == "valid")
        return {};
    const Op whole = withPadding(a, opAt(two, padding));
    const std::string difference = settingsDifference(whole, b, inputOf(two, padding), inputOf(one, single));
    Match match;
    match.padded = true;
    match.missing = missingRoles(a, b);
    if (a.kind == "maxpool2d")
        match.difference = "zeros in front take part on one side only: equal where no value is negative";
    if (difference.empty() && parameterObstacle(two.model, a, one.model, b).id.empty() && !lacksWeights(a, b))
        match.score = (a.kind == "conv2d" ? weightedScore : plainScore) + paddingScore - (match.missing.empty() ? 0 : missingPenalty);
    return match;
}

/// [global pooling that keeps its axes, Flatten] against one global pooling that drops them.
Match pooledMatch(const Labelled& two, int pool, int flatten, const Labelled& one, int single)
{
    const bool fits = isGlobalPool(two, pool) && opAt(two, flatten).kind == "flatten" && opAt(two, flatten).inputs == std::vector{pool} &&
                      opAt(one, single).kind == "globalavgpool2d" && !opAt(one, single).attributes.boolean("keepdims", false);
    Match match;
    match.score = fits ? plainScore + paddingScore : 0;
    return match;
}

}

Match Matcher::match(const std::vector<int>& left, const std::vector<int>& right)
{
    if (!m_sides.wired)
        return {};
    const bool twoOnLeft = left.size() == 2;
    const Labelled& two = twoOnLeft ? m_sides.left : m_sides.right;
    const Labelled& one = twoOnLeft ? m_sides.right : m_sides.left;
    const std::vector<int>& pair = twoOnLeft ? left : right;
    const int single = twoOnLeft ? right.front() : left.front();
    for (const int index : {pair[0], pair[1]})
        if (!opAt(two, index).unsupported.empty())
            return {};
    if (!opAt(one, single).unsupported.empty())
        return {};
    if (opAt(two, pair[0]).kind == "zeropad2d")
        return paddedMatch(two, pair[0], pair[1], one, single);
    return pooledMatch(two, pair[0], pair[1], one, single);
}

}
