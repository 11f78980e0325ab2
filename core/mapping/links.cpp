// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/links.h"

#include "core/base/held.h"
#include "core/mapping/fit.h"
#include "core/mapping/names.h"
#include "core/mapping/openroles.h"
#include "core/rules/equality.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <map>
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
    } else if (!match.difference.empty() && a.kind.empty()) {
        addReason(link, {"settings-unknown", {}, "same class, with " + match.difference});
        doubt += 0.3;
    } else if (!match.difference.empty()) {
        addReason(link, {"settings-differ", {match.difference}, "settings differ: " + match.difference});
        doubt += 0.3;
    } else if (match.pattern && !match.pattern->id.empty()) {
        addReason(link, {std::string(match.pattern->id), {}, std::string(match.pattern->title)});
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
    if (rule == rules::orderUnknownRule)
        addReason(link, {"order-unknown", {}, "shapes agree, the order of the features is not known"});
    else if (rule == "same")
        addReason(link, {"same-shapes", {}, "same shapes"});
    else
        addReason(link,
                  {"shapes-agree", {rule}, (rule == "transpose" ? "shapes agree, " : "shapes agree through ") + rules::ruleTitle(rule)});
}

/// Equal as they are stored: that tells no order, but which layers belong together.
bool areAlikeAsStored(const ParameterLink& link, const Model& left, const Model& right)
{
    const auto l = parametersNamed(left, link.left), r = parametersNamed(right, link.right);
    return l.size() == 1 && r.size() == 1 &&
           rules::chosenRule(*l.front(), *r.front(), left.framework == right.framework).ground == rules::Choice::Ground::Stored;
}

/// Fills `equal`; how many hold the same values, in whatever order.
std::size_t compareAll(Link& link, const Model& left, const Model& right)
{
    std::size_t same = 0;
    for (ParameterLink& parameter : link.parameters) {
        parameter.equal = equalValues(parameter, left, right);
        const bool isUntold = !parameter.equal && parameter.rule == rules::orderUnknownRule;
        same += parameter.equal.value_or(isUntold && areAlikeAsStored(parameter, left, right)) ? 1U : 0U;
    }
    return same;
}

/// How the names of two ops' layers agree: to the letter, in their words and numbers, or not at all.
enum class Names { Differ, Agree, Same };

Names namesOf(const Op& a, const Op& b)
{
    if (a.layer.empty() || b.layer.empty())
        return Names::Differ;
    return a.layer == b.layer ? Names::Same : nameTokens(a.layer) == nameTokens(b.layer) ? Names::Agree : Names::Differ;
}

double confidence(Rank rank)
{
    switch (rank) {
    case Rank::Values:
    case Rank::Name:
        return 0.95;
    case Rank::Wiring:
        return 0.9;
    case Rank::WeakName:
        return 0.85;
    case Rank::Shape:
        break;
    }
    return 0.75;
}

/// What paired the link's ops, and what else speaks for it.
void addEvidenceReasons(Link& link, Rank rank, Names names, const Op& a, const Op& b)
{
    if (rank == Rank::Wiring)
        addReason(link, {"order", {}, "order of computation"});
    else if (rank == Rank::Shape)
        addReason(link, {"only-candidate", {}, "the only one left that fits"});
    if (names == Names::Same)
        addReason(link, {"same-name", {}, "same name"});
    else if (names == Names::Agree)
        addReason(link, {"names-agree", {a.layer, b.layer}, "the names agree"});
    else if (rank == Rank::WeakName)
        addReason(link, {"names-end-alike", {a.layer, b.layer}, "one name is the end of the other"});
}

/// Compares the values; where all are the same the link is as sure as `sure`.
void addValueReasons(Link& link, const Sides& sides, Rank rank, double sure)
{
    const std::size_t same = compareAll(link, sides.left.model, sides.right.model), all = link.parameters.size();
    if (same == all) {
        const bool isTold = std::all_of(link.parameters.begin(), link.parameters.end(), [](const auto& one) { return one.equal; });
        addReason(link, isTold ? Message{"same-values", {}, "same values"} : Message{"same-numbers", {}, "the same numbers"});
        link.confidence = std::max(link.confidence, sure);
    } else if (rank == Rank::Values) {
        addReason(link, {"same-numbers", {}, "one parameter or more holds the same numbers"});
    }
}

Link makeLink(const Sides& sides, Matcher& matcher, const std::vector<const std::pair<Pairing, Evidence>*>& members, LinkOrigin origin)
{
    Link link;
    link.origin = origin;
    std::set<int> left, right;
    double doubt = 0;
    const std::pair<Pairing, Evidence>* strongest = members.front();
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
        std::copy_if(parameters.begin(), parameters.end(), std::back_inserter(link.parameters), [&](const ParameterLink& parameter) {
            return std::find(link.parameters.begin(), link.parameters.end(), parameter) == link.parameters.end(); // a layer called twice
        });
        if (evidence.rank < strongest->second.rank)
            strongest = member;
    }
    const auto [main, evidence] = *strongest;
    const auto [l, r] = mainPair(sides, main);
    const Op& a = opAt(sides.left, l);
    const Op& b = opAt(sides.right, r);
    const Names names = namesOf(a, b);
    if (origin == LinkOrigin::Manual)
        addReason(link, {"by-hand", {}, "linked by hand"});
    else
        addEvidenceReasons(link, evidence.rank, names, a, b);
    link.confidence = std::clamp(confidence(evidence.rank) + (names != Names::Differ ? 0.05 : 0) - doubt, 0.05, 1.0);
    if (evidence.compareValues && !link.parameters.empty())
        addValueReasons(link, sides, evidence.rank, 1 - doubt);
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
    std::vector<std::size_t> parent(pairings.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&](std::size_t index) {
        while (parent[index] != index)
            index = parent[index] = parent[parent[index]];
        return index;
    };
    std::map<std::pair<bool, std::string>, std::size_t> ofLayer;
    const auto join = [&](std::size_t index, bool onLeft, const Labelled& side, const std::vector<int>& ops) {
        for (const int op : ops)
            if (const std::string& layer = opAt(side, op).layer; !layer.empty())
                parent[root(index)] = root(ofLayer.try_emplace({onLeft, layer}, index).first->second);
    };
    for (std::size_t i = 0; i < pairings.size(); ++i) {
        join(i, true, sides.left, pairings[i].first.left);
        join(i, false, sides.right, pairings[i].first.right);
    }
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < pairings.size(); ++i)
        result.push_back(root(i));
    return result;
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

std::vector<const Parameter*> parametersNamed(const Model& model, const std::vector<std::string>& names)
{
    std::vector<const Parameter*> result;
    for (const std::string& name : names)
        if (const Parameter* parameter = model.parameter(name))
            result.push_back(parameter);
    return result;
}

namespace {

/// The parameters of a group's roles, which are noted; none where one is missing.
std::vector<std::string> namesOf(const Op& op, const std::vector<std::string>& roles, std::set<std::string>& grouped)
{
    std::vector<std::string> names;
    for (const std::string& role : roles)
        if (const auto found = op.parameters.find(role); found != op.parameters.end())
            names.push_back(found->second);
    if (names.size() != roles.size())
        return {};
    grouped.insert(roles.begin(), roles.end());
    return names;
}

}

std::vector<ParameterLink> parameterLinks(const Model& left, const Op& a, const Model& right, const Op& b)
{
    std::vector<ParameterLink> result;
    if ((a.kind.empty() || b.kind.empty()) && !sameNames(left, right))
        return result; // parameters of two frameworks may bear one name and mean different things
    std::set<std::string> grouped;
    const layers::Kind* kind = a.kind == b.kind ? layers::kind(a.kind) : nullptr;
    const auto told =
        kind && kind->groups ? kind->groups(a.attributes, left.framework, b.attributes, right.framework) : std::vector<layers::RoleGroup>();
    for (const layers::RoleGroup& group : told) {
        const auto l = namesOf(a, group.a, grouped), r = namesOf(b, group.b, grouped);
        if (!l.empty() && !r.empty())
            result.push_back({l, r, group.rule, {}});
    }
    for (const std::string& role : sharedRoles(a, b)) {
        if (grouped.contains(role))
            continue;
        const Parameter* l = left.parameter(held(a.parameters, role));
        const Parameter* r = right.parameter(held(b.parameters, role));
        if (l && r)
            result.push_back({{l->name}, {r->name}, rules::ruleId(*l, *r, left.framework == right.framework), {}});
    }
    for (const std::string& role :
         a.kind == b.kind ? layers::roleNames(a, left.framework, b, right.framework) : std::vector<std::string>()) {
        const auto l = a.parameters.find(role), r = b.parameters.find(role);
        if ((l == a.parameters.end()) == (r == b.parameters.end()) || grouped.contains(role))
            continue;
        const bool isLeft = l != a.parameters.end();
        const Parameter* only = isLeft ? left.parameter(l->second) : right.parameter(r->second);
        if (only && rules::neutralValue(*only) && !mayHave(isLeft ? b : a, role))
            result.push_back({isLeft ? std::vector{only->name} : std::vector<std::string>(),
                              isLeft ? std::vector<std::string>() : std::vector{only->name},
                              std::string(rules::neutralRule),
                              {}});
    }
    return result;
}

std::optional<bool> equalValues(const ParameterLink& link, const Model& left, const Model& right)
{
    const auto l = parametersNamed(left, link.left), r = parametersNamed(right, link.right);
    if (l.size() != link.left.size() || r.size() != link.right.size())
        return {};
    try {
        const bool isPair = l.size() == 1 && r.size() == 1 && !rules::isOfRoles(link.rule);
        const auto difference = isPair ? rules::valueDifference(*l.front(), *r.front(), left.framework == right.framework)
                                       : rules::valueDifference(link.rule, l, r);
        return difference ? std::optional(difference->equal) : std::nullopt;
    } catch (const Error&) {
        return {};
    }
}

std::vector<Link> makeLinks(const Sides& sides, Matcher& matcher, const std::vector<std::pair<Pairing, Evidence>>& pairings,
                            LinkOrigin origin, const Progress& progress)
{
    const std::vector<std::size_t> group = groups(sides, pairings);
    std::map<std::size_t, std::vector<const std::pair<Pairing, Evidence>*>> members;
    for (std::size_t i = 0; i < pairings.size(); ++i)
        members[group[i]].push_back(&pairings[i]);
    std::vector<std::pair<int, Link>> links;
    for (auto& [id, list] : members) {
        progress.report(static_cast<double>(links.size()) / static_cast<double>(members.size()));
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
