// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/match.h"

#include "core/mapping/fit.h"
#include "core/mapping/names.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::mapping {

namespace {

/// Sizes in the order C, H, W without those of size 1: comparable between layouts. Empty when nothing is known.
Shape comparableShape(const Labelled& side, int index)
{
    const auto& value = side.values[static_cast<std::size_t>(index)];
    if (!value || value->shape.empty())
        return {};
    std::vector<std::size_t> order;
    for (const std::string_view letter : {"C", "H", "W"})
        if (const int position = indexOf(value->axes, letter); position >= 0)
            order.push_back(static_cast<std::size_t>(position));
    if (order.size() != 3) {
        order.clear();
        for (std::size_t d = 1; d < value->shape.size(); ++d)
            order.push_back(d);
    }
    Shape result{1};
    for (const std::size_t d : order)
        if (value->shape[d] != 1)
            result.push_back(value->shape[d]);
    return result;
}

std::string unknownDifference(const Model& left, const Op& a, const Model& right, const Op& b)
{
    const Layer* l = left.layer(a.layer);
    const Layer* r = right.layer(b.layer);
    const bool same = sameNames(left, right) && l && r && l->attributes == r->attributes;
    return same ? std::string() : "settings that Tieout cannot compare";
}

bool knownKinds(const Op& a, const Op& b)
{
    return !a.kind.empty() && !b.kind.empty();
}

std::string className(const Model& model, const Op& op)
{
    const Layer* layer = model.layer(op.layer);
    return layer ? layer->kind : std::string();
}

}

Sides makeSides(const Model& left, const Model& right)
{
    Sides sides;
    sides.wired = left.wired && right.wired;
    sides.left = labelled(left, inputShapeFor(left, &right));
    sides.right = labelled(right, inputShapeFor(right, &left));
    sides.left.model.indexNames();
    sides.right.model.indexNames();
    return sides;
}

bool isTransparent(const Op& op)
{
    const layers::Kind* kind = layers::kind(op.kind);
    return kind && kind->transparent;
}

std::vector<std::string> sharedRoles(const Op& a, const Op& b)
{
    std::vector<std::string> result;
    std::vector<std::string> known;
    if (a.kind == b.kind)
        known = layers::roleNames(a, Framework::Torch, b, Framework::Keras);
    for (const std::string& role : known)
        if (a.parameters.contains(role) && b.parameters.contains(role))
            result.push_back(role);
    for (const auto& [role, name] : a.parameters)
        if (!layers::kind(a.kind) && b.parameters.contains(role))
            result.push_back(role);
    return result;
}

std::string_view family(std::string_view kind)
{
    const layers::Kind* known = layers::kind(kind);
    return known && !known->family.empty() ? known->family : kind;
}

std::string family(const Labelled& side, int index)
{
    const Op& op = opAt(side, index);
    if (!op.kind.empty())
        return std::string(family(op.kind));
    const std::string whole = classFamily(className(side.model, op));
    return whole.starts_with("activation/") ? std::string(activationFamily) : whole;
}

std::string opTitle(const Model& model, const Op& op)
{
    const Layer* layer = model.layer(op.layer);
    return layer && model.opsOf(op.layer).size() == 1 ? layer->kind : op.kind.empty() ? "an unknown kind" : op.kind;
}

Match Matcher::compute(int left, int right) const
{
    const Op& a = opAt(m_sides.left, left);
    const Op& b = opAt(m_sides.right, right);
    const Model& l = m_sides.left.model;
    const Model& r = m_sides.right.model;
    Match match;
    const std::string classLeft = className(l, a), classRight = className(r, b);
    const bool unknown = !knownKinds(a, b), bothUnknown = a.kind.empty() && b.kind.empty(), foreign = unknown && !sameNames(l, r);
    const bool nameless = bothUnknown && !foreign && (classLeft.empty() || classRight.empty()) && !sharedRoles(a, b).empty();
    if (!nameless && (family(m_sides.left, left) != family(m_sides.right, right) || family(m_sides.left, left).empty()))
        return match;
    if (unknown && a.parameters.empty() != b.parameters.empty())
        return match;
    if (const layers::Kind* same = a.kind == b.kind ? layers::kind(a.kind) : nullptr;
        !m_sides.wired && same && same->apart && same->apart(a.attributes, b.attributes))
        return match;
    if (!foreign && (lacksWeights(l, a, r, b) || !parameterObstacle(l, a, r, b).id.empty()))
        return match;
    const bool global = isGlobalPool(m_sides.left, left) && isGlobalPool(m_sides.right, right);
    match.sameKind = (a.kind == b.kind && (!bothUnknown || nameless || classFamily(classLeft) == classFamily(classRight))) || global;
    if (!foreign)
        match.missing = missingRoles(l, a, r, b);
    if (bothUnknown)
        match.difference = unknownDifference(l, a, r, b);
    else if (match.sameKind && !global && m_sides.wired && a.unsupported.empty() && b.unsupported.empty())
        match.difference = settingsDifference(callOf(m_sides.left, left), callOf(m_sides.right, right));
    if (isTransparent(a)) {
        match.score = transparentScore;
        return match;
    }
    const layers::Kind* kind = layers::kind(a.kind);
    const bool weighted = !a.parameters.empty() || !b.parameters.empty();
    match.score = !match.sameKind ? familyScore : weighted ? weightedScore : kind && kind->activation ? activationScore : plainScore;
    if (match.sameKind && !match.difference.empty())
        match.score -= weighted ? differencePenalty : differencePenalty / 2;
    if (!match.missing.empty())
        match.score -= missingPenalty;
    const Shape outLeft = comparableShape(m_sides.left, left), outRight = comparableShape(m_sides.right, right);
    if (!outLeft.empty() && !outRight.empty() && outLeft != outRight)
        match.score = std::max(match.score - shapePenalty, familyScore / 2);
    return match;
}

std::string Matcher::signature(const Labelled& side, int index) const
{
    const Op& op = opAt(side, index);
    std::string key = fmt::format("{}|{}|{}", op.kind, op.kind.empty() ? className(side.model, op) : "", op.unsupported.empty());
    for (const auto& [name, value] : op.attributes)
        key += fmt::format("|{}={}", name, text(value));
    if (const Layer* layer = op.kind.empty() ? side.model.layer(op.layer) : nullptr)
        for (const auto& [name, value] : layer->attributes)
            key += fmt::format("|{}={}", name, text(value));
    for (const auto& [role, name] : op.parameters) {
        const Parameter* parameter = side.model.parameter(name);
        key += fmt::format("|{}:{}{}", role, parameter ? text(parameter->source.shape) : "", parameter ? text(parameter->axes) : "");
    }
    if (const layers::Value* input = callOf(side, index).find())
        key += fmt::format("|<{}{}", text(input->shape), text(input->axes));
    if (const auto& value = side.values[static_cast<std::size_t>(index)])
        key += fmt::format("|>{}{}", text(value->shape), text(value->axes));
    return key;
}

int Matcher::classOf(bool onLeft, int op)
{
    const auto [known, isNew] = (onLeft ? m_left : m_right).try_emplace(op, 0);
    if (isNew)
        known->second =
            m_signatures.try_emplace(signature(onLeft ? m_sides.left : m_sides.right, op), static_cast<int>(m_signatures.size()))
                .first->second;
    return known->second;
}

const Match& Matcher::match(int left, int right)
{
    const auto key = static_cast<std::uint64_t>(classOf(true, left)) << 32U | static_cast<std::uint64_t>(classOf(false, right));
    const auto found = m_matches.find(key);
    return found != m_matches.end() ? found->second : m_matches.emplace(key, compute(left, right)).first->second;
}

Message Matcher::obstacle(int left, int right)
{
    if (match(left, right).score > 0)
        return {};
    const Op& a = opAt(m_sides.left, left);
    const Op& b = opAt(m_sides.right, right);
    if (knownKinds(a, b) && family(a.kind) == family(b.kind))
        if (Message message = parameterObstacle(m_sides.left.model, a, m_sides.right.model, b); !message.id.empty())
            return message;
    const std::string titles[] = {opTitle(m_sides.left.model, a), opTitle(m_sides.right.model, b)};
    return {"kinds-differ",
            {titles[0], titles[1]},
            fmt::format("{} cannot be linked with {}: they compute different things", titles[0], titles[1])};
}

}
