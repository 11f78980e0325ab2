// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/follow.h"

#include <algorithm>
#include <set>

namespace core::layers {

namespace {

/// The axis of `input` along which a parameter's elements lie.
const Axis* consumed(std::int64_t along, const Value& input)
{
    const auto rank = static_cast<std::int64_t>(input.axes.size());
    const std::int64_t axis = along < 0 ? along + rank : along;
    return axis < 0 || axis >= rank ? nullptr : &input.axes[static_cast<std::size_t>(axis)];
}

/// `axis` under the name of a parameter's axis; a plain one where at most one of its parts counts.
Axis named(Axis axis, const std::string& name)
{
    const auto counts = std::count_if(axis.parts.begin(), axis.parts.end(), [](const Axis::Part& part) { return part.size != 1; });
    const bool isPlain = axis.order() == Order::Plain || (axis.order() == Order::Known && axis.segments.empty() && counts < 2);
    if (isPlain)
        axis = Axis();
    axis.name = name;
    return axis;
}

/// Gives every letter of a role its real axis.
class Labeller
{
public:
    Labeller(const Model& model, const Values& values)
        : m_model(model), m_values(values), m_trails(trails(model, values)), m_later(unflattenedLater(model, values))
    {
    }

    Axis axis(const RoleAxis& role, std::size_t index, std::int64_t size) const
    {
        Axis result = plainAxis(role, size);
        if (result.segments.empty())
            return axis(role, index);
        return m_later[index] ? lostAxis(role.name, "its units become an image further on") : result;
    }

    Axis axis(const RoleAxis& role, std::size_t index) const
    {
        const Op& op = m_model.ops[index];
        if (role.name == "g" && m_later[index]) // what makes units, block by block
            return lostAxis(role.name, "its units become an image further on");
        if (!role.along && role.name == "o" && effectOf(op) == Effect::Makes && m_later[index])
            return named(*m_later[index], role.name);
        if (!role.along)
            return {role.name, {}};
        if (!m_model.wired)
            return unwired(role.name, index);
        const auto from = op.inputs.empty() ? m_model.ops.size() : static_cast<std::size_t>(op.inputs[0].port.op);
        if (from >= m_model.ops.size())
            return lostAxis(role.name, "nothing is connected to it");
        if (m_later[from])
            return named(*m_later[from], role.name);
        if (const std::optional<Value>& value = m_values[op.inputs[0].port])
            if (const Axis* source = consumed(*role.along, *value))
                return named(*source, role.name);
        const std::string& because = m_trails[from].unknownBecause;
        return because.empty() ? Axis{role.name, {}} : lostAxis(role.name, because);
    }

    /// The op's first input, where its shape is known.
    std::span<const Value> inputs(std::size_t index) const
    {
        const Value* input = Call(m_model.ops[index], m_values).find();
        return input ? std::span(input, 1) : std::span<const Value>();
    }

private:
    /// Without wiring: plain where the layer before in the file makes exactly as many channels or features, so that a flattening in between
    /// would have nothing to reorder.
    Axis unwired(const std::string& letter, std::size_t index) const
    {
        const std::int64_t size = parameterAxis(m_model, m_model.ops[index], letter);
        for (std::size_t i = index; i-- > 0;)
            if (const Kind* before = kind(m_model.ops[i].kind);
                before && before->roles && (before->effect == Effect::Images || before->effect == Effect::Makes)) {
                if (parameterAxis(m_model, m_model.ops[i], "o") == size)
                    return {letter, {}};
                break;
            }
        return lostAxis(letter, "the file tells no architecture");
    }

    const Model& m_model;
    const Values& m_values;
    std::vector<Trail> m_trails;
    std::vector<std::optional<Axis>> m_later;
};

}

Axis plainAxis(const RoleAxis& role, std::int64_t size)
{
    Axis result{role.name, {}};
    const auto count = static_cast<std::int64_t>(role.blocks.size());
    if (count == 0 || size % count != 0)
        return result;
    for (const std::string& block : role.blocks) {
        result.segments.push_back({block, {}});
        result.segments.back().size = size / count;
    }
    return result;
}

std::int64_t parameterAxis(const Model& model, const Op& op, std::string_view axis)
{
    for (const Role& role : rolesOf(op, model.framework)) {
        const auto name = op.parameters.find(role.role);
        const Parameter* parameter = name == op.parameters.end() ? nullptr : model.parameter(name->second);
        for (std::size_t d = 0; parameter && d < std::min(role.axes.size(), parameter->source.shape.size()); ++d)
            if (role.axes[d].name == axis)
                return parameter->source.shape[d];
    }
    return 0;
}

Model withParameterAxes(Model model, const Values& values)
{
    std::map<std::string, std::size_t> index;
    for (std::size_t i = 0; i < model.parameters.size(); ++i)
        index.emplace(model.parameters[i].name, i);
    const Labeller labeller(model, values);
    std::set<std::size_t> labelled;
    for (std::size_t i = 0; i < model.ops.size(); ++i) {
        const Op& op = model.ops[i];
        for (const Role& role : rolesOf(op, model.framework, labeller.inputs(i))) {
            const auto name = op.parameters.find(role.role);
            const auto at = name == op.parameters.end() ? index.end() : index.find(name->second);
            if (at == index.end() || model.parameters[at->second].source.shape.size() != role.axes.size())
                continue;
            Axes axes;
            Parameter& parameter = model.parameters[at->second];
            if (!model.wired && !parameter.axes.empty())
                continue; // told by the file, or by the wiring that was borrowed
            for (std::size_t d = 0; d < role.axes.size(); ++d)
                axes.push_back(labeller.axis(role.axes[d], i, parameter.source.shape[d]));
            if (!labelled.insert(at->second).second)
                for (std::size_t d = 0; d < axes.size(); ++d)
                    if (axes[d] != parameter.axes[d])
                        axes[d] = lostAxis(axes[d].name, "it is used in two places whose features may be in different orders");
            parameter.axes = std::move(axes);
        }
    }
    return model;
}

}
