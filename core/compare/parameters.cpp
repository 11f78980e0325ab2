// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/compare.h"
#include "core/rules/equality.h"

#include <fmt/format.h>

namespace core::compare {

namespace {

/// Labels with the sizes of flattened ones: what the rule's permutation is made of.
std::string labels(const Parameter& parameter)
{
    std::string result;
    for (const Axis& axis : parameter.axes) {
        result += "," + axis.name;
        for (const Axis::Part& part : axis.parts)
            result += fmt::format(":{}{}", part.name, part.size);
    }
    return result;
}

std::string keyOf(const mapping::ParameterLink& link, const Parameter& left, const Parameter& right)
{
    return fmt::format("{}\n{}\n{}\n{}\n{}", link.rule, left.name, labels(left), right.name, labels(right));
}

void compareOne(ParameterResult& result, const Parameter& left, const Parameter& right)
{
    result.shapesDisagree = count(left) != count(right);
    try {
        const rules::ValueDifference difference = rules::valueDifference(left, right);
        result.equal = difference.equal;
        result.maxAbs = difference.maxAbs;
        result.scaledMax = difference.scaledMax;
        result.differing = difference.differing;
        result.worstIndex = difference.worst;
        result.nansLeft = difference.nansFrom;
        result.nansRight = difference.nansTo;
    } catch (const Error& error) {
        result.problem = error.what();
    }
}

ParameterResult compared(const mapping::ParameterLink& link, const Model& left, const Model& right, KnownParameters* known)
{
    ParameterResult result;
    const bool single = link.left.size() == 1 && link.right.size() == 1;
    const Parameter* a = single ? left.parameter(link.left.front()) : nullptr;
    const Parameter* b = single ? right.parameter(link.right.front()) : nullptr;
    if (!a || !b) {
        result.problem = single ? fmt::format("{} is not in its file", printable(a ? link.right.front() : link.left.front()))
                                : fmt::format("{} against {} parameters", link.left.size(), link.right.size());
    } else if (const std::string key = keyOf(link, *a, *b); known && known->contains(key)) {
        result = known->at(key);
    } else {
        compareOne(result, *a, *b);
        if (known)
            known->emplace(key, result);
    }
    result.link = link;
    result.link.equal = result.scaledMax || result.shapesDisagree ? std::optional(result.equal) : std::nullopt;
    return result;
}

}

std::vector<ParameterResult> compareParameters(const Model& left, const Model& right, const mapping::Mapping& mapping,
                                               KnownParameters* known, const Progress& progress)
{
    std::vector<ParameterResult> results;
    for (std::size_t i = 0; i < mapping.links.size(); ++i) {
        for (const mapping::ParameterLink& link : mapping.links[i].parameters)
            results.push_back(compared(link, left, right, known));
        progress.report(static_cast<double>(i + 1) / static_cast<double>(mapping.links.size()));
    }
    return results;
}

}
