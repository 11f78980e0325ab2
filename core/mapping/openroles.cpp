// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/openroles.h"

#include "core/base/held.h"
#include "core/base/names.h"
#include "core/mapping/borrow.h"
#include "core/mapping/labelled.h"
#include "core/rules/equality.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::mapping {

namespace {

/// The settings that say whether a layer has a parameter of a role.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> settingOfRole{
    {{"gamma", "scale"}, {"beta", "center"}, {"bias", "bias"}}};

/// Whether a parameter might as well be missing.
bool isNeutral(const Parameter& parameter)
{
    try {
        const auto difference = rules::valueDifference(rules::neutralRule, {}, {&parameter});
        return difference && difference->equal;
    } catch (const Error&) {
        return false;
    }
}

/// The one of `roles` that the twin's op has; of several the only one that does anything. Empty where that leaves a choice.
std::string settled(const std::vector<std::string>& roles, const Op& mate, const Model& twin)
{
    std::vector<std::string> had, moving;
    for (const std::string& role : roles) {
        const auto known = mate.parameters.find(role);
        const Parameter* parameter = known == mate.parameters.end() ? nullptr : twin.parameter(known->second);
        if (!parameter)
            continue;
        had.push_back(role);
        if (!isNeutral(*parameter))
            moving.push_back(role);
    }
    if (had.size() == 1)
        return had.front();
    return moving.size() == 1 ? moving.front() : std::string();
}

/// The op of the same kind that an op is linked to.
const Op* mateIn(const Model& twin, const Mapping& mapping, const Op& op, bool onLeft)
{
    const Link* link = linkOfOp(mapping, op.name, onLeft);
    for (const std::string& name : link ? (onLeft ? link->right : link->left) : std::vector<std::string>())
        if (const int index = twin.opIndex(name); index >= 0 && twin.ops[static_cast<std::size_t>(index)].kind == op.kind)
            return &twin.ops[static_cast<std::size_t>(index)];
    return nullptr;
}

void settle(Model& model, Op& op, const std::string& open, const std::string& role, const Op& mate)
{
    const std::string name = held(op.parameters, open);
    op.parameters.erase(open);
    op.parameters[role] = name;
    op.unsupported.clear();
    for (const auto& [of, setting] : settingOfRole)
        if (const auto roles = choices(open); std::find(roles.begin(), roles.end(), of) != roles.end())
            op.attributes.set(std::string(setting), of == role);
    for (Parameter& parameter : model.parameters)
        if (parameter.name == name)
            parameter.role = role;
    for (Layer& layer : model.layers)
        if (layer.name == op.layer)
            layer.supported = true;
    model.notes.push_back({{"borrowed-settings",
                            {op.layer, mate.layer},
                            fmt::format("whether its array is {} is taken from {}: {}", open, printable(mate.layer), role)},
                           Note::Severity::Info,
                           op.layer});
}

}

std::optional<Model> withSettledRoles(const Model& model, const Model& twin, const Mapping& mapping, bool onLeft)
{
    std::optional<Model> result;
    bool all = true;
    for (std::size_t i = 0; i < model.ops.size(); ++i) {
        const Op& op = model.ops[i];
        const auto open = std::find_if(op.parameters.begin(), op.parameters.end(),
                                       [](const auto& parameter) { return choices(parameter.first).size() > 1; });
        if (open == op.parameters.end() || op.kind.empty())
            continue;
        const Op* mate = mateIn(twin, mapping, op, onLeft);
        const std::string role = mate ? settled(choices(open->first), *mate, twin) : std::string();
        all = all && !role.empty();
        if (role.empty())
            continue;
        if (!result)
            result = model;
        settle(*result, result->ops[i], open->first, role, *mate);
    }
    if (result && all)
        std::erase_if(result->notes, [](const Note& note) { return note.message.id == "role-open"; });
    if (result)
        result = labelled(std::move(*result), result->inputShape).model;
    return result;
}

bool mayHave(const Op& op, const std::string& role)
{
    return std::any_of(op.parameters.begin(), op.parameters.end(), [&](const auto& parameter) {
        const std::vector<std::string> roles = choices(parameter.first);
        return std::find(roles.begin(), roles.end(), role) != roles.end();
    });
}

}
