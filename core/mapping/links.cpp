// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/links.h"

#include "core/mapping/fit.h"
#include "core/rules/equality.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <set>

namespace core::mapping {

namespace {

void addReason(Link& link, Message reason)
{
    if (std::find(link.reasons.begin(), link.reasons.end(), reason) == link.reasons.end())
        link.reasons.push_back(std::move(reason));
}

/// Kind, settings and missing roles of one pair of ops, as reasons; returns what they take from the confidence.
double addKindReasons(Link& link, const Sides& sides, const Match& match, const Op& a, const Op& b)
{
    double doubt = 0;
    if (!match.sameKind) {
        const std::string titles[] = {opTitle(sides.left.model, a), opTitle(sides.right.model, b)};
        addReason(link, {"alike", {titles[0], titles[1]}, fmt::format("{} against {}", titles[0], titles[1])});
        doubt += 0.4;
    } else if (!match.difference.empty()) {
        addReason(link, {"settings-differ", {match.difference}, "settings differ: " + match.difference});
        doubt += 0.3;
    } else if (match.padded) {
        addReason(link, {"padding-adds-up", {}, "the zero padding in front adds up to the same"});
    } else if (!sides.wired) {
        addReason(link, {"same-kind-by-shape", {}, "same kind, as the shapes tell"});
    } else {
        addReason(link, {"same-kind", {}, "same kind and settings"});
    }
    if (!match.missing.empty()) {
        addReason(link, {"role-missing", {match.missing}, "only one side has: " + match.missing});
        doubt += 0.2;
    }
    return doubt;
}

void addShapeReasons(Link& link, const std::vector<ParameterLink>& parameters)
{
    if (parameters.empty())
        return;
    const std::string& rule = parameters.front().rule;
    if (rule == "same")
        addReason(link, {"same-shapes", {}, "same shapes"});
    else
        addReason(link,
                  {"shapes-agree", {rule}, (rule == "transpose" ? "shapes agree, " : "shapes agree through ") + rules::ruleTitle(rule)});
}

/// Fills `equal`; whether all values are the same.
bool compareAll(Link& link, const Model& left, const Model& right)
{
    bool all = !link.parameters.empty();
    for (ParameterLink& parameter : link.parameters) {
        parameter.equal = equalValues(parameter, left, right);
        all = all && parameter.equal.value_or(false);
    }
    return all;
}

Link makeLink(const Sides& sides, Matcher& matcher, const std::vector<const std::pair<Pairing, Evidence>*>& members, LinkOrigin origin)
{
    Link link;
    link.origin = origin;
    std::set<int> left, right;
    double doubt = 0;
    bool order = true, compareValues = false, sameName = true;
    for (const auto* member : members) {
        const auto& [pairing, evidence] = *member;
        left.insert(pairing.left.begin(), pairing.left.end());
        right.insert(pairing.right.begin(), pairing.right.end());
        const auto [l, r] = mainPair(sides, pairing);
        const Op& a = opAt(sides.left, l);
        const Op& b = opAt(sides.right, r);
        const bool composite = pairing.left.size() + pairing.right.size() > 2;
        doubt = std::max(doubt,
                         addKindReasons(link, sides, composite ? matcher.match(pairing.left, pairing.right) : matcher.match(l, r), a, b));
        const std::vector<ParameterLink> parameters = parameterLinks(sides.left.model, a, sides.right.model, b);
        addShapeReasons(link, parameters);
        link.parameters.insert(link.parameters.end(), parameters.begin(), parameters.end());
        order = order && evidence.order;
        compareValues = compareValues || evidence.compareValues;
        sameName = sameName && !a.layer.empty() && a.layer == b.layer;
    }
    if (origin == LinkOrigin::Manual)
        addReason(link, {"by-hand", {}, "linked by hand"});
    else if (!order)
        addReason(link, {"only-candidate", {}, "the only one left that fits"});
    else if (sides.wired)
        addReason(link, {"order", {}, "order of computation"});
    else
        addReason(link, {"order-in-file", {}, "order in the file"});
    if (sameName)
        addReason(link, {"same-name", {}, "same name"});
    link.confidence = std::clamp((sides.wired ? 0.9 : 0.7) + (sameName ? 0.05 : 0) - (order ? 0 : 0.1) - doubt, 0.05, 1.0);
    if (compareValues && compareAll(link, sides.left.model, sides.right.model)) {
        addReason(link, {"same-values", {}, "same values"});
        link.confidence = std::max(link.confidence, 1 - doubt);
    }
    if (origin == LinkOrigin::Manual)
        link.confidence = 1;
    for (const int op : left)
        link.left.push_back(opAt(sides.left, op).name);
    for (const int op : right)
        link.right.push_back(opAt(sides.right, op).name);
    return link;
}

/// Index of the group that each pairing belongs to: pairings that share a layer are one group.
std::vector<std::size_t> groups(const Sides& sides, const std::vector<std::pair<Pairing, Evidence>>& pairings)
{
    std::vector<std::size_t> group(pairings.size());
    std::iota(group.begin(), group.end(), std::size_t{0});
    std::map<std::pair<bool, std::string>, std::size_t> ofLayer;
    const auto join = [&](std::size_t index, bool onLeft, const Labelled& side, const std::vector<int>& ops) {
        for (const int op : ops) {
            const std::string& layer = opAt(side, op).layer;
            if (layer.empty())
                continue;
            const std::size_t known = group[ofLayer.try_emplace({onLeft, layer}, index).first->second];
            std::replace(group.begin(), group.end(), group[index], known);
        }
    };
    for (std::size_t i = 0; i < pairings.size(); ++i) {
        join(i, true, sides.left, pairings[i].first.left);
        join(i, false, sides.right, pairings[i].first.right);
    }
    return group;
}

}

std::pair<int, int> mainPair(const Sides& sides, const Pairing& pairing)
{
    const auto choose = [](const Labelled& side, const std::vector<int>& ops, const std::string& kind) {
        const auto found = std::find_if(ops.begin(), ops.end(), [&](int op) { return opAt(side, op).kind == kind; });
        return found == ops.end() ? ops.front() : *found;
    };
    return {choose(sides.left, pairing.left, opAt(sides.right, pairing.right.back()).kind),
            choose(sides.right, pairing.right, opAt(sides.left, pairing.left.back()).kind)};
}

std::vector<ParameterLink> parameterLinks(const Model& left, const Op& a, const Model& right, const Op& b)
{
    std::vector<ParameterLink> result;
    for (const std::string& role : sharedRoles(a, b)) {
        const Parameter* l = left.parameter(a.parameters.at(role));
        const Parameter* r = right.parameter(b.parameters.at(role));
        if (l && r)
            result.push_back({{l->name}, {r->name}, rules::ruleId(*l, *r), {}});
    }
    return result;
}

std::optional<bool> equalValues(const ParameterLink& link, const Model& left, const Model& right)
{
    const Parameter* l = link.left.size() == 1 ? left.parameter(link.left.front()) : nullptr;
    const Parameter* r = link.right.size() == 1 ? right.parameter(link.right.front()) : nullptr;
    if (!l || !r)
        return {};
    try {
        return rules::valueDifference(*l, *r).equal;
    } catch (const Error&) {
        return {};
    }
}

std::vector<Link> makeLinks(const Sides& sides, Matcher& matcher, const std::vector<std::pair<Pairing, Evidence>>& pairings,
                            LinkOrigin origin)
{
    const std::vector<std::size_t> group = groups(sides, pairings);
    std::map<std::size_t, std::vector<const std::pair<Pairing, Evidence>*>> members;
    for (std::size_t i = 0; i < pairings.size(); ++i)
        members[group[i]].push_back(&pairings[i]);
    std::vector<std::pair<int, Link>> links;
    for (auto& [id, list] : members) {
        std::sort(list.begin(), list.end(), [](const auto* a, const auto* b) { return a->first.left < b->first.left; });
        links.emplace_back(list.front()->first.left.front(), makeLink(sides, matcher, list, origin));
    }
    std::sort(links.begin(), links.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Link> result;
    for (auto& [first, link] : links)
        result.push_back(std::move(link));
    return result;
}

}
