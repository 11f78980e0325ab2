// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/pairs.h"

#include "core/mapping/fit.h"
#include "core/mapping/links.h"
#include "core/rules/equality.h"
#include "core/rules/rules.h"

#include <algorithm>

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

/// Roles that one side lacks, but for those that a neutral value stands for: they are compared as parameters.
std::string withoutNeutral(const Sides& sides, const Op& a, const Op& b, const std::string& missing)
{
    if (a.kind != b.kind || !layers::kind(a.kind) || missing.empty())
        return missing;
    std::string result;
    const std::set<std::string> grouped = groupedRoles(sides.left.model, a, sides.right.model, b);
    for (const std::string& name : layers::roleNames(a, sides.left.model.framework, b, sides.right.model.framework)) {
        Parameter parameter;
        parameter.role = name;
        if (a.parameters.contains(name) != b.parameters.contains(name) && !grouped.contains(name) && !rules::isCounter(parameter) &&
            !rules::neutralValue(parameter))
            result += (result.empty() ? "" : ", ") + name;
    }
    return result;
}

/// Tells where a rule comes from when it is not the labels of both files.
void noteGround(Link& link, const rules::Choice& choice)
{
    const auto add = [&](Message reason) {
        if (std::find(link.reasons.begin(), link.reasons.end(), reason) == link.reasons.end())
            link.reasons.push_back(std::move(reason));
    };
    if (choice.ground == rules::Choice::Ground::Stored)
        add({"order-unknown", {"stored"}, "the values are equal as stored, the order in which the features are taken is not told"});
    else if (choice.id == rules::orderUnknownRule)
        add({"order-unknown", {}, "shapes agree, the order of the features is not known"});
    else if (choice.ground == rules::Choice::Ground::Values)
        add({"values-settle-order", {choice.id}, "the values settle the order: " + rules::ruleTitle(choice.id)});
    else if (choice.ground == rules::Choice::Ground::Assumed)
        add({"order-assumed", {choice.id}, "the order of the features is assumed to be the other side's"});
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
        if (const std::string lacking = withoutNeutral(sides, opAt(sides.left, l), opAt(sides.right, r), match.missing); !lacking.empty())
            result.push_back("only one side has: " + lacking);
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
        std::erase_if(link.reasons, [](const Message& reason) { return reason.id == "order-unknown"; });
        for (ParameterLink& parameters : link.parameters) {
            const Parameter* a = parameters.left.size() == 1 ? left.parameter(parameters.left.front()) : nullptr;
            const Parameter* b = parameters.right.size() == 1 ? right.parameter(parameters.right.front()) : nullptr;
            try {
                if (a && b && !rules::isOfRoles(parameters.rule)) {
                    const rules::Choice choice = rules::chosenRule(*a, *b, left.framework == right.framework);
                    parameters.rule = choice.id;
                    noteGround(link, choice);
                }
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
