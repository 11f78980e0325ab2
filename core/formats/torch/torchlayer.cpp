// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchlayer.h"

#include "core/formats/torch/torchguess.h"
#include "core/formats/torch/torchtensor.h"
#include "core/layers/follow.h"

#include <fmt/format.h>

namespace core::formats {

using Type = PickleNode::Type;

bool TorchClass::isTorch() const
{
    return package == "torch.nn" || package.starts_with("torch.nn.modules") || package.starts_with("torch.nn.parallel");
}

TorchClass torchClass(const PickleNode& object)
{
    const PickleNode* type = torchGlobal(*object.callable);
    const bool isReconstructor = type && type->name() == "_reconstructor" && (type->module() == "copyreg" || type->module() == "copy_reg");
    if (isReconstructor)
        type = object.arguments->items.empty() ? nullptr : torchGlobal(*object.arguments->items[0]);
    if (!type)
        return {"", describe(*object.callable, 80)};
    return {printable(type->module()), printable(type->name())};
}

TorchLayer::TorchLayer(std::string name, TorchClass type, Attributes raw, Attributes shown)
    : m_name(std::move(name)), m_class(std::move(type)),
      m_kind(m_class.isTorch() ? layers::kindOfTorch(m_class.name) : nullptr), m_spec{m_class.name, std::move(raw), {}},
      m_shown(std::move(shown))
{
}

std::string TorchLayer::role(const std::string& own) const
{
    const auto known = m_kind ? layers::roleNamed(*m_kind, Framework::Torch, own) : std::nullopt;
    return known ? known->role : own;
}

void TorchLayer::add(const std::string& own, const std::string& full, const Shape& shape)
{
    m_spec.parameters.emplace(own, shape);
    m_parameters.push_back(full);
    m_roles.emplace(role(own), full);
}

Op TorchLayer::op() const
{
    Op op;
    op.name = op.layer = m_name;
    op.parameters = m_roles;
    op.type = m_class.isTorch() ? m_class.name : "";
    if (!m_kind) {
        op.attributes = layers::settingsToFollow(op.type, m_spec.raw);
        op.unsupported = m_class.isTorch() ? fmt::format("{} cannot run yet", m_class.name)
                                           : fmt::format("the class {} is not in the file", m_class.full());
        return op;
    }
    op.kind = m_kind->id;
    try {
        op.attributes = m_kind->fromTorch(m_spec);
        TorchShapes shapes;
        for (const auto& [own, shape] : m_spec.parameters)
            shapes.emplace(own, &shape);
        const std::string normalisation = torchNormalisation(shapes);
        op.unsupported = normalisation.empty() ? torchShapeProblem(*m_kind, op, m_spec.parameters)
                                               : fmt::format("its weight is computed from others ({})", normalisation);
    } catch (const Error& error) {
        op.unsupported = error.what();
    }
    return op;
}

Layer TorchLayer::layer(const Op& op) const
{
    return {m_name, m_class.name, m_shown, m_parameters, op.unsupported.empty()};
}

std::string torchShapeProblem(const layers::Kind& kind, const Op& op, const std::map<std::string, Shape>& shapes)
{
    for (const layers::Role& role : kind.roles ? kind.roles(op.attributes, Framework::Torch, {}) : std::vector<layers::Role>()) {
        const auto found = shapes.find(role.name);
        if (role.needed && found == shapes.end())
            return fmt::format("its {} is missing", role.name);
        if (found == shapes.end() || role.axes.empty())
            continue;
        const Shape& shape = found->second;
        if (shape.size() != role.axes.size())
            return fmt::format("{} has shape {}, which a {} cannot have", role.name, text(shape), kind.torchClasses.front());
        for (std::size_t d = 0; d < shape.size(); ++d)
            if (const std::int64_t size = role.axes[d].size; size > 0 && size != shape[d])
                return fmt::format("{} has shape {} where the layer says {} for axis {}", role.name, text(shape), size, d);
    }
    return {};
}

}
