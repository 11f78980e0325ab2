// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/parameters.h"

#include "core/layers/kind.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::engines {

namespace {

/// Whether arithmetic takes part in the role: a counter (rank 0) has no axes.
bool isComputedWith(const std::vector<layers::Role>& roles, std::string_view roleName)
{
    return std::any_of(roles.begin(), roles.end(), [&](const layers::Role& role) { return role.role == roleName && !role.axes.empty(); });
}

Tensor readFloats(const Model& model, const std::string& name)
{
    const Parameter* parameter = model.parameter(name);
    if (!parameter)
        throw Error("parameter-missing").expected("a parameter \"" + printable(name) + "\"").found("none");
    if (!parameter->problem.empty())
        throw Error("parameter-unreadable").found(parameter->problem).at(printable(name));
    if (!isFloating(parameter->source.dtype))
        throw Error("parameter-type").expected("floating-point values").found(core::name(parameter->source.dtype)).at(printable(name));
    return read(parameter->source).toFloat32();
}

}

Weights readWeights(const Model& model, const Progress& progress)
{
    Weights weights;
    for (std::size_t i = 0; i < model.ops.size(); ++i) {
        const Op& op = model.ops[i];
        if (!op.unsupported.empty())
            continue;
        const std::vector<layers::Role> roles = layers::rolesOf(op, model.framework);
        for (const auto& [role, name] : op.parameters) {
            if (!isComputedWith(roles, role) || weights.values.contains(name))
                continue;
            try {
                weights.values.emplace(name, readFloats(model, name));
            } catch (const Error& error) {
                weights.unavailable.emplace(static_cast<int>(i), error.what());
            }
        }
        progress.report(static_cast<double>(i + 1) / static_cast<double>(model.ops.size()));
    }
    return weights;
}

std::map<std::string, Tensor> weightsOf(const Op& op, const Weights& weights)
{
    std::map<std::string, Tensor> result;
    for (const auto& [role, name] : op.parameters)
        if (const auto found = weights.values.find(name); found != weights.values.end())
            result.emplace(role, found->second);
    return result;
}

}
