// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchlayer.h"

#include "core/formats/torch/torchguess.h"
#include "core/formats/torch/torchtensor.h"
#include "core/layers/follow.h"

#include <algorithm>
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
      m_kind(m_class.isTorch() ? layers::kindOfTorch(layers::TorchSpec{m_class.name, raw, {}}) : nullptr), m_spec{m_class.name,
                                                                                                                  std::move(raw),
                                                                                                                  {}},
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
    m_fullNames.emplace(own, full);
}

std::vector<Op> TorchLayer::ops(int first, const std::vector<Input>& inputs) const
{
    std::string problem;
    try {
        const auto several = m_class.isTorch() ? layers::torchSteps(m_spec) : std::nullopt;
        if (several)
            return steps(*several, first, inputs);
    } catch (const Error& error) {
        problem = error.what();
    }
    Op single = problem.empty() ? op() : Op();
    if (!problem.empty()) {
        single.name = single.layer = m_name;
        single.parameters = m_fullNames;
        single.type = m_class.name;
        single.unsupported = problem;
    }
    single.inputs = inputs;
    return {single};
}

std::vector<Op> TorchLayer::steps(const layers::Steps& steps, int first, const std::vector<Input>& inputs) const
{
    std::vector<Op> result = layers::opsOf(steps, m_name, m_name, first, inputs);
    std::size_t taken = 0;
    for (Op& op : result) {
        takeStepParameters(op, m_fullNames, m_spec.parameters);
        taken += op.parameters.size();
    }
    if (taken < m_fullNames.size() && result.back().unsupported.empty())
        result.back().unsupported = fmt::format("it has {} parameters, of which Tieout knows {}", m_fullNames.size(), taken);
    return result;
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
        const bool isComputed = !normalisation.empty() && m_spec.parameters.contains("weight");
        op.unsupported = normalisation.empty() || isComputed ? torchShapeProblem(*m_kind, op, m_spec.parameters)
                                                             : fmt::format("its weight is computed from others ({})", normalisation);
        if (isComputed) // those others are none of the op's
            std::erase_if(op.parameters, [&](const auto& entry) {
                return std::none_of(m_fullNames.begin(), m_fullNames.end(), [&](const auto& own) {
                    return own.second == entry.second && layers::roleNamed(*m_kind, Framework::Torch, own.first);
                });
            });
    } catch (const Error& error) {
        op.unsupported = error.what();
    }
    return op;
}

Layer TorchLayer::layer(const std::vector<Op>& ops) const
{
    const bool runs = std::all_of(ops.begin(), ops.end(), [](const Op& op) { return op.unsupported.empty(); });
    return {m_name, m_class.name, m_shown, m_parameters, runs};
}

void takeStepParameters(Op& op, const std::map<std::string, std::string>& full, const std::map<std::string, Shape>& shapes)
{
    const layers::Kind* kind = layers::kind(op.kind);
    std::map<std::string, Shape> own; // by the names that the kind gives them
    std::map<std::string, std::string> found;
    for (const auto& [role, name] : op.parameters) {
        const auto parameter = full.find(name);
        const auto shape = shapes.find(name);
        if (parameter == full.end() || shape == shapes.end()) {
            op.unsupported = fmt::format("its {} is missing", name);
            continue;
        }
        found.emplace(role, parameter->second);
        for (const layers::Role& known : kind->roles(op.attributes, Framework::Torch, {}))
            if (known.role == role)
                own.emplace(known.name, shape->second);
    }
    op.parameters = std::move(found);
    if (op.unsupported.empty() && kind)
        op.unsupported = torchShapeProblem(*kind, op, own);
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
