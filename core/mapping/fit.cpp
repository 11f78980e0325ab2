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
    const auto disagree = [](const std::string& role, const std::string& l, const std::string& r) {
        return Message{"shapes-disagree", {role, l, r}, fmt::format("{} {} against {}: the shapes cannot agree", role, l, r)};
    };
    const std::set<std::string> grouped = groupedRoles(left, a, right, b);
    for (const layers::RoleGroup& group : layers::groupsOf(a, left.framework, b, right.framework)) {
        std::int64_t values[2] = {0, 0};
        for (const std::string& role : group.a)
            values[0] += count(parameterOf(left, a, role));
        for (const std::string& role : group.b)
            values[1] += count(parameterOf(right, b, role));
        if (values[0] != values[1] && rules::keepsCount(group.rule))
            return disagree(group.a.front(), fmt::format("of {} values", values[0]), fmt::format("{} values", values[1]));
    }
    for (const std::string& role : sharedRoles(a, b)) {
        if (grouped.contains(role))
            continue;
        const Parameter& l = parameterOf(left, a, role);
        const Parameter& r = parameterOf(right, b, role);
        try {
            rules::ruleId(l, r, left.framework == right.framework);
        } catch (const Error&) {
            return disagree(role, text(l.source.shape), text(r.source.shape));
        }
    }
    return {};
}

bool sameNames(const Model& left, const Model& right)
{
    return left.framework == right.framework || left.framework == Framework::None || right.framework == Framework::None;
}

bool lacksWeights(const Model& left, const Op& a, const Model& right, const Op& b)
{
    return (!a.parameters.empty() || !b.parameters.empty()) && sharedRoles(a, b).empty() &&
           layers::groupsOf(a, left.framework, b, right.framework).empty() &&
           (a.kind != b.kind || !layers::kind(a.kind) || !layers::kind(a.kind)->normalises);
}

std::set<std::string> groupedRoles(const Model& left, const Op& a, const Model& right, const Op& b)
{
    std::set<std::string> result;
    for (const layers::RoleGroup& group : layers::groupsOf(a, left.framework, b, right.framework)) {
        result.insert(group.a.begin(), group.a.end());
        result.insert(group.b.begin(), group.b.end());
    }
    return result;
}

std::string missingRoles(const Model& left, const Op& a, const Model& right, const Op& b)
{
    std::string result;
    const std::set<std::string> grouped = groupedRoles(left, a, right, b);
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
