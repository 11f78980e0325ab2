// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/ownlayers.h"

#include "core/mapping/match.h"

#include <algorithm>

namespace core::mapping {

std::vector<Own> ownLayers(const Model& model)
{
    std::vector<Own> result;
    std::string behind;
    int block = 0;
    for (const Layer& layer : model.layers) {
        const Op* op = opOf(model, layer);
        if (!layer.parameters.empty()) {
            behind = op ? op->name : layer.name;
            ++block;
            continue;
        }
        const std::string kind = kindOf(model, layer);
        if (kind == "input")
            continue;
        std::string family = familyOf(kind);
        if (!op && layer.kind == "Activation") // of a function that the file does not name
            family = activationFamily;
        else if (!op && layer.kind.empty())
            family.clear();
        result.push_back({&layer, op, kind, family, behind, block});
    }
    return result;
}

const Op* opOf(const Model& model, const Layer& layer)
{
    const std::vector<int> ops = model.opsOf(layer.name);
    return ops.empty() ? nullptr : &model.ops[static_cast<std::size_t>(ops.front())];
}

std::string kindOf(const Model& model, const Layer& layer)
{
    if (const Op* op = opOf(model, layer))
        return op->kind;
    const layers::Kind* kind = layers::kindOfClass(layer.kind);
    return kind ? std::string(kind->id) : std::string();
}

namespace {

bool isFloatingParameter(const Model& model, const std::string& name)
{
    const Parameter* parameter = model.parameter(name);
    return parameter && isFloating(parameter->source.dtype);
}

}

bool hasWeights(const Model& model, const Layer& layer)
{
    return std::any_of(layer.parameters.begin(), layer.parameters.end(),
                       [&](const std::string& name) { return isFloatingParameter(model, name); });
}

bool isStrange(const Model& model, const Op& op)
{
    const Layer* layer = op.kind.empty() && op.parameters.empty() ? model.layer(op.layer) : nullptr;
    return layer && hasWeights(model, *layer);
}

std::string strangeWeight(const Model& model, const Op& op)
{
    const layers::Kind* kind = layers::kind(op.kind);
    const std::vector<layers::Role> roles = kind && kind->roles ? kind->roles({}, model.framework, {}) : std::vector<layers::Role>();
    for (const auto& [role, name] : op.parameters) {
        const auto isRole = [&role = role](const layers::Role& known) { return known.role == role; };
        if (kind && std::none_of(roles.begin(), roles.end(), isRole) && isFloatingParameter(model, name))
            return name;
    }
    return {};
}

std::string familyOf(const std::string& kind)
{
    return kind.empty() ? "unknown" : std::string(family(kind));
}

bool isTransparentKind(const std::string& kind)
{
    const layers::Kind* known = layers::kind(kind);
    return known && known->transparent;
}

bool commute(const std::string& a, const std::string& b)
{
    const layers::Kind *first = layers::kind(a), *second = layers::kind(b);
    return first && second && ((first->rises && second->picks) || (first->picks && (second->rises || second->picks)));
}

}
