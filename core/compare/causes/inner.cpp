// SPDX-License-Identifier: GPL-3.0-or-later
// Inside of a layer: two of its ops hold each other's weights; or a setting decides which parameters there are.
#include "core/compare/causes/search.h"
#include "core/layers/follow.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::compare {

namespace {

/// A parameter that the right's op would have with other settings, with no values yet.
Parameter stub(const layers::Role& role, const Op& op)
{
    Parameter result;
    result.name = op.name + "/" + role.name + " of the other";
    result.layer = op.layer;
    result.role = role.role;
    for (const layers::RoleAxis& axis : role.axes) {
        result.source.shape.push_back(axis.size);
        result.axes.push_back(layers::plainAxis(axis, axis.size));
    }
    return result;
}

/// The left's values for roles that only the left's settings give the op; nothing where they cannot be told.
std::optional<Candidate> withParametersOf(const Op& a, const Op& b, const Subject& subject)
{
    Op wanted = b;
    wanted.attributes = a.attributes;
    const auto roles = layers::rolesOf(wanted, subject.right.framework);
    Repair repair;
    std::vector<Parameter> stubs;
    for (const layers::Role& role : roles)
        if (!b.parameters.contains(role.role) && !role.axes.empty()) {
            stubs.push_back(stub(role, b));
            wanted.parameters[role.role] = stubs.back().name;
        }
    const auto isRole = [&](const std::string& name) {
        return std::any_of(roles.begin(), roles.end(), [&](const layers::Role& role) { return role.role == name; });
    };
    std::erase_if(wanted.parameters, [&](const auto& entry) { return !isRole(entry.first); });
    if (stubs.empty())
        return {};
    for (const layers::RoleGroup& group : layers::groupsOf(a, subject.left.framework, wanted, subject.right.framework))
        for (const Parameter& target : stubs) {
            if (group.b != std::vector<std::string>{target.role} || group.rule.empty())
                continue;
            std::vector<const Parameter*> from;
            std::vector<Tensor> values;
            for (const std::string& role : group.a) {
                from.push_back(subject.left.parameter(held(a.parameters, role)));
                if (!from.back() || !from.back()->problem.empty())
                    return {};
                values.push_back(read(from.back()->source));
            }
            Parameter made = target;
            const Tensor brought = rules::applyRule(group.rule, values, from, {&target}).front();
            made.source = {brought.dtype(), brought.shape(), brought.sharedBytes()};
            repair.added.push_back(std::move(made));
        }
    if (repair.added.size() != stubs.size())
        return {};
    repair.settings[b.name] = {b.kind, wanted.attributes, wanted.parameters};
    const bool isReset = a.attributes.has("reset_after") && b.attributes.has("reset_after") &&
                         a.attributes.boolean("reset_after") != b.attributes.boolean("reset_after");
    return Candidate{isReset ? "gru-reset" : "setting-differs",
                     isReset ? std::string("reset gate applied after the product on one side and before it on the other (reset_after)")
                             : std::string("other settings, which decide what parameters there are"),
                     repair, true};
}

}

Repair exchangedWeights(const Op& a, const Op& b, const Model& model)
{
    Repair repair;
    bool differ = false;
    for (const auto& [role, name] : a.parameters) {
        const auto mate = b.parameters.find(role);
        const Parameter *first = model.parameter(name), *second = mate == b.parameters.end() ? nullptr : model.parameter(mate->second);
        if (!first || !second || first->source.shape != second->source.shape || first->source.dtype != second->source.dtype ||
            !first->problem.empty() || !second->problem.empty())
            return {};
        const Tensor one = read(first->source), other = read(second->source);
        differ = differ || !sameBits(one, other);
        repair.values.emplace(name, other);
        repair.values.emplace(mate->second, one);
    }
    return differ ? repair : Repair();
}

std::vector<Candidate> exchangeCandidates(const Subject& subject)
{
    std::vector<Candidate> result;
    for (std::size_t i = 0; i < subject.rightOps.size(); ++i)
        for (std::size_t j = i + 1; j < subject.rightOps.size(); ++j) {
            const Op &a = subject.rightOp(subject.rightOps[i]), &b = subject.rightOp(subject.rightOps[j]);
            if (a.kind != b.kind || a.parameters.empty() || a.parameters.size() != b.parameters.size())
                continue;
            if (Repair repair = exchangedWeights(a, b, subject.right); !repair.isEmpty())
                result.push_back({"parameters-swapped",
                                  fmt::format("{} and {} hold each other's weights", printable(a.name), printable(b.name)), repair});
        }
    return result;
}

std::vector<Candidate> parameterCandidates(const Subject& subject)
{
    std::vector<Candidate> result;
    for (const auto& [left, right] : subject.ops) {
        const Op &a = subject.leftOp(left), &b = subject.rightOp(right);
        if (a.kind != b.kind || a.parameters.empty() || a.attributes == b.attributes)
            continue;
        try {
            if (auto candidate = withParametersOf(a, b, subject))
                result.push_back(std::move(*candidate));
        } catch (const Error&) { // its values cannot be brought there
        }
    }
    return result;
}

}
