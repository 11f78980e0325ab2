// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/fit.h"

#include "core/base/held.h"
#include "core/layers/composite.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace core::mapping {

namespace {

const Parameter& parameterOf(const Model& model, const Op& op, const std::string& role)
{
    const Parameter* parameter = model.parameter(held(op.parameters, role));
    if (!parameter)
        throw Error("mapping-parameter").expected("a parameter of the model").found(held(op.parameters, role)).at(op.name);
    return *parameter;
}

}

const Op& opAt(const Labelled& side, int index)
{
    return side.model.ops[static_cast<std::size_t>(index)];
}

layers::Call callOf(const Labelled& side, int index)
{
    return {opAt(side, index), side.values};
}

bool isGlobalPool(const Labelled& side, int index)
{
    const Op& op = opAt(side, index);
    return layers::averagesAll(op, callOf(side, index).find());
}

Message parameterObstacle(const Model& left, const Op& a, const Model& right, const Op& b)
{
    for (const std::string& role : sharedRoles(a, b)) {
        const Parameter& l = parameterOf(left, a, role);
        const Parameter& r = parameterOf(right, b, role);
        try {
            rules::ruleId(l, r, left.framework == right.framework);
        } catch (const Error&) {
            const std::string shapes[] = {text(l.source.shape), text(r.source.shape)};
            return {"shapes-disagree",
                    {role, shapes[0], shapes[1]},
                    fmt::format("{} {} against {}: the shapes cannot agree", role, shapes[0], shapes[1])};
        }
    }
    return {};
}

bool sameNames(const Model& left, const Model& right)
{
    return left.framework == right.framework || left.framework == Framework::None || right.framework == Framework::None;
}

bool lacksWeights(const Op& a, const Op& b)
{
    return (!a.parameters.empty() || !b.parameters.empty()) && sharedRoles(a, b).empty() &&
           (a.kind != b.kind || !layers::kind(a.kind) || !layers::kind(a.kind)->normalises);
}

namespace {

/// Roles that have mates by other names. The order of the two frameworks does not matter here.
std::set<std::string> groupedRoles(const Op& a, const Op& b)
{
    std::set<std::string> result;
    const layers::Kind* kind = a.kind == b.kind ? layers::kind(a.kind) : nullptr;
    if (!kind || !kind->groups)
        return result;
    const auto has = [](const Op& op, const std::vector<std::string>& roles) {
        return std::all_of(roles.begin(), roles.end(), [&](const std::string& role) { return op.parameters.contains(role); });
    };
    for (const auto& [one, other] : {std::pair(&a, &b), std::pair(&b, &a)})
        for (const layers::RoleGroup& group : kind->groups(one->attributes, Framework::Torch, other->attributes, Framework::Keras))
            if (has(*one, group.a) && has(*other, group.b)) {
                result.insert(group.a.begin(), group.a.end());
                result.insert(group.b.begin(), group.b.end());
            }
    return result;
}

}

std::string missingRoles(const Op& a, const Op& b)
{
    const std::set<std::string> grouped = groupedRoles(a, b);
    std::string result;
    for (const auto& [one, other] : {std::pair(&a, &b), std::pair(&b, &a)})
        for (const auto& [role, name] : one->parameters)
            if (role != "count" && !other->parameters.contains(role) && !grouped.contains(role))
                result += (result.empty() ? "" : ", ") + role;
    return result;
}

std::string settingsDifference(const layers::Call& a, const layers::Call& b)
{
    const layers::Kind* kind = layers::kind(a.op.kind);
    if (!kind || !kind->difference)
        return {};
    try {
        return kind->difference(a, b);
    } catch (const Error& error) {
        return error.what();
    }
}

}
