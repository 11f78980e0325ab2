// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/compare.h"
#include "core/rules/equality.h"

#include <fmt/format.h>

namespace core::compare {

namespace {

/// All that labels say of the order of values, with the sizes of what was flattened or joined: what the rule's permutation is made of.
std::string labels(const Axes& axes)
{
    std::string result;
    for (const Axis& axis : axes) {
        result += fmt::format(",{}:{}{}", axis.name, axis.size, axis.isAssumed ? "?" : "");
        for (const Axis::Part& part : axis.parts)
            result += fmt::format(":{}{}", part.name, part.size);
        if (!axis.segments.empty())
            result += "(" + labels(axis.segments) + ")";
        if (axis.order() == Order::Unknown)
            result += "!";
    }
    return result;
}

using Parameters = std::vector<const Parameter*>;

std::string keyOf(const mapping::ParameterLink& link, const Parameters& left, const Parameters& right)
{
    std::string result = link.rule;
    for (const Parameters* side : {&left, &right})
        for (const Parameter* parameter : *side)
            result += fmt::format("\n{}{}\n{}", side == &left ? "<" : ">", parameter->name, labels(parameter->axes));
    return result;
}

/// Why a parameter cannot be compared whose rule tells no order.
std::string orderProblem(const Parameters& left, const Parameters& right, bool sameFramework)
{
    const bool isPair = left.size() == 1 && right.size() == 1;
    if (!isPair || rules::chosenRule(*left.front(), *right.front(), sameFramework).ground != rules::Choice::Ground::Stored)
        return "the order of its features is not known";
    return fmt::format("equal as stored, but in which order {} takes its features is not told", printable(right.front()->layer));
}

void compareOne(ParameterResult& result, const Parameters& left, const Parameters& right, bool sameFramework)
{
    result.shapesDisagree = left.size() == 1 && right.size() == 1 && count(*left.front()) != count(*right.front());
    try {
        const auto difference = rules::valueDifference(result.link.rule, left, right);
        if (!difference) {
            result.problem = orderProblem(left, right, sameFramework);
            return;
        }
        result.equal = difference->equal;
        result.maxAbs = difference->maxAbs;
        result.scaledMax = difference->scaledMax;
        result.differing = difference->differing;
        result.worstIndex = difference->worst;
        result.nansLeft = difference->nansFrom;
        result.nansRight = difference->nansTo;
    } catch (const Error& error) {
        result.problem = error.what();
    }
}

ParameterResult compared(const mapping::ParameterLink& link, const Model& left, const Model& right, KnownParameters* known)
{
    ParameterResult result;
    result.link = link;
    const Parameters a = mapping::parametersNamed(left, link.left), b = mapping::parametersNamed(right, link.right);
    if (a.size() != link.left.size() || b.size() != link.right.size()) {
        const auto& names = a.size() != link.left.size() ? link.left : link.right;
        result.problem = fmt::format("{} is not in its file", printable(names.front()));
    } else if (const std::string key = keyOf(link, a, b); known && known->contains(key)) {
        result = known->find(key)->second;
    } else {
        compareOne(result, a, b, left.framework == right.framework);
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
