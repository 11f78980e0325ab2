// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/pairs.h"

#include "core/mapping/fit.h"
#include "core/mapping/links.h"
#include "core/rules/rules.h"

namespace core::mapping {

namespace {

std::vector<int> indices(const Model& model, const std::vector<std::string>& names)
{
    std::vector<int> result;
    for (const std::string& opName : names)
        if (const int index = model.opIndex(opName); index >= 0)
            result.push_back(index);
    return result;
}

std::vector<std::string> differencesOf(const Link& link, const Sides& sides, Matcher& matcher)
{
    std::vector<std::string> result;
    const std::vector<int> left = indices(sides.left.model, link.left), right = indices(sides.right.model, link.right);
    for (const Pairing& pairing : align(matcher, sides, left, right).path) {
        const auto [l, r] = mainPair(sides, pairing);
        const bool composite = pairing.left.size() + pairing.right.size() > 2;
        const Match match = composite ? matcher.match(pairing.left, pairing.right) : matcher.match(l, r);
        if (!match.sameKind)
            result.push_back(opTitle(sides.left.model, opAt(sides.left, l)) + " against " +
                             opTitle(sides.right.model, opAt(sides.right, r)));
        else if (!match.difference.empty())
            result.push_back(match.difference);
        if (!match.missing.empty())
            result.push_back("only one side has: " + match.missing);
    }
    return result;
}

}

std::vector<std::vector<std::string>> differences(const Mapping& mapping, const Model& left, const Model& right)
{
    const Sides sides = makeSides(left, right);
    Matcher matcher(sides);
    std::vector<std::vector<std::string>> result;
    for (const Link& link : mapping.links)
        result.push_back(differencesOf(link, sides, matcher));
    return result;
}

Mapping withRules(Mapping mapping, const Model& left, const Model& right)
{
    for (Link& link : mapping.links) {
        std::vector<ParameterLink> kept;
        for (ParameterLink& parameters : link.parameters) {
            const Parameter* a = parameters.left.size() == 1 ? left.parameter(parameters.left.front()) : nullptr;
            const Parameter* b = parameters.right.size() == 1 ? right.parameter(parameters.right.front()) : nullptr;
            try {
                if (a && b)
                    parameters.rule = rules::ruleId(*a, *b);
                kept.push_back(std::move(parameters));
            } catch (const Error&) {
                continue; // shapes that cannot agree: the layers stay linked, their parameters do not
            }
        }
        link.parameters = std::move(kept);
    }
    return mapping;
}

}
