// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/weights/parameters.h"

#include "core/layers/kind.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

namespace {

// A parameter whose role was found once bears the canonical name.
bool bears(const Parameter& parameter, const layers::Role& role)
{
    return parameter.role == role.name || parameter.role == role.role;
}

}

bool isBuffer(const Parameter& parameter)
{
    const auto& role = parameter.role;
    return role == "mean" || role == "variance" || role.starts_with("moving_") || !isFloating(parameter.source.dtype);
}

std::string variableType(const Json& config)
{
    const Json* dtype = memberOf(config, "dtype");
    if (!dtype || dtype->is_string())
        return dtype ? dtype->get<std::string>() : std::string();
    const Json* policy = memberOf(*dtype, "config");
    return policy ? textIn(*policy, "name") : std::string();
}

void matchRoles(Model& model, Op& op, std::vector<std::size_t>& indices)
{
    const std::vector<layers::Role> roles = layers::rolesOf(op, Framework::Keras);
    const auto take = [&](const layers::Role* role, std::size_t index) {
        auto& parameter = model.parameters[index];
        parameter.role = role->role;
        op.parameters[role->role] = parameter.name;
        std::erase(indices, index);
    };
    std::vector<const layers::Role*> open;
    for (const auto& role : roles) {
        const auto found = std::find_if(indices.begin(), indices.end(), [&](std::size_t i) { return bears(model.parameters[i], role); });
        found == indices.end() ? open.push_back(&role) : take(&role, *found);
    }
    const auto* kind = layers::kind(op.kind);
    const std::vector<layers::Role> all = kind && kind->roles ? kind->roles({}, Framework::Keras, {}) : std::vector<layers::Role>();
    const auto known = [&](std::size_t i) { // a name that belongs to another role is no stand-in for a missing one
        return std::any_of(all.begin(), all.end(), [&](const layers::Role& role) { return bears(model.parameters[i], role); });
    };
    if (!all.empty() && open.size() == indices.size() && std::none_of(indices.begin(), indices.end(), known))
        for (const auto* role : open)
            take(role, indices.front());
}

std::string roleInLayer(const KerasLayer& owner, const std::string& role)
{
    return owner.partOf.empty() ? role : owner.attribute + "/" + role;
}

KerasParameters::KerasParameters(Model& model) : m_model(model), m_of(model.layers.size())
{
    for (std::size_t i = 0; i < model.layers.size(); ++i)
        m_layers.emplace(model.layers[i].name, i);
}

int KerasParameters::layerIndex(const std::string& name) const
{
    const auto found = m_layers.find(name);
    return found == m_layers.end() ? -1 : static_cast<int>(found->second);
}

void KerasParameters::add(std::size_t layer, const std::string& name, std::string role, const H5Dataset& dataset, std::string detail)
{
    auto& owner = m_model.layers[layer];
    Parameter parameter;
    parameter.name = name;
    while (!m_names.insert(parameter.name).second)
        parameter.name.insert(0, owner.name + "/");
    parameter.layer = owner.name;
    parameter.role = std::move(role);
    parameter.source = dataset.source;
    parameter.problem = dataset.problem;
    parameter.detail = std::move(detail);
    owner.parameters.push_back(parameter.name);
    m_of.resize(m_model.layers.size());
    m_of[layer].push_back(m_model.parameters.size());
    m_model.parameters.push_back(std::move(parameter));
}

void KerasParameters::note(std::string id, std::string text, const std::string& where, Note::Severity severity)
{
    m_model.notes.push_back({{std::move(id), {where}, std::move(text)}, severity, where});
}

void KerasParameters::setTrainable(std::size_t layer)
{
    const bool trainable = m_model.layers[layer].attributes.boolean("trainable", true);
    for (const auto index : m_of[layer])
        m_model.parameters[index].trainable = trainable && !isBuffer(m_model.parameters[index]);
}

void KerasParameters::checkRunnable(Op& op, const std::vector<std::size_t>& leftOver)
{
    const auto cannot = [&](std::string id, std::string why) {
        note(std::move(id), why, op.layer, Note::Severity::Error);
        if (op.unsupported.empty())
            op.unsupported = std::move(why);
    };
    for (const auto& role : layers::rolesOf(op, Framework::Keras))
        if (!op.parameters.contains(role.role))
            cannot("keras-weight-missing", fmt::format("the file has no {} for it", role.name));
    for (const auto index : leftOver)
        cannot("keras-weight-unknown",
               fmt::format("it has a weight that Tieout does not know: {}", printable(m_model.parameters[index].name)));
    try {
        layers::checkParameters(m_model, layers::Call(op, layers::Values()));
    } catch (const Error& error) {
        cannot("keras-weight-shape",
               fmt::format("its configuration asks for {} in {}, the file has {}", error.expected(), error.at(), error.found()));
    }
}

/// Of a layer of several ops, each of which says what the layer calls its parameters.
void KerasParameters::matchStep(Op& op, std::size_t layer, const std::vector<std::string>& ownRoles, bool isFirst)
{
    std::map<std::string, std::string> found;
    for (const auto& [role, own] : op.parameters)
        for (const auto index : m_of[layer])
            if (ownRoles[index] == own) {
                found.emplace(role, m_model.parameters[index].name);
                m_model.parameters[index].role = role;
            }
    op.parameters = std::move(found);
    std::vector<std::size_t> leftOver;
    for (const auto index : m_of[layer])
        if (isFirst && !m_named.contains({layer, ownRoles[index]}))
            leftOver.push_back(index);
    checkRunnable(op, leftOver);
}

void KerasParameters::match()
{
    m_of.resize(m_model.layers.size());
    std::vector<std::string> ownRoles;
    for (const auto& parameter : m_model.parameters)
        ownRoles.push_back(parameter.role);
    for (const auto& op : m_model.ops)
        for (const auto& [role, own] : op.parameters)
            if (const auto layer = m_layers.find(op.layer); layer != m_layers.end())
                m_named.emplace(layer->second, own);
    std::set<std::size_t> seen;
    for (auto& op : m_model.ops) { // a shared layer has several ops and one set of weights
        const auto layer = m_layers.find(op.layer);
        const bool fused = layers::rolesOf(op, Framework::Keras).empty() && !op.inputs.empty() && !op.layer.empty() &&
                           m_model.ops[static_cast<std::size_t>(op.inputs[0].port.op)].layer == op.layer;
        if (layer != m_layers.end() && !op.parameters.empty()) {
            matchStep(op, layer->second, ownRoles, seen.insert(layer->second).second);
            m_model.layers[layer->second].supported = m_model.layers[layer->second].supported && op.unsupported.empty();
            continue;
        }
        if (layer == m_layers.end() || op.kind.empty() || fused)
            continue;
        auto indices = m_of[layer->second];
        matchRoles(m_model, op, indices);
        checkRunnable(op, indices);
        m_model.layers[layer->second].supported = m_model.layers[layer->second].supported && op.unsupported.empty();
    }
    for (std::size_t layer = 0; layer < m_of.size(); ++layer)
        setTrainable(layer);
}

}
