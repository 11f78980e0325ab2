// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/follow.h"

#include <algorithm>
#include <set>

namespace core::layers {

namespace {

/// The axis of `input` whose elements the op mixes or weighs: the channels of a normalisation, the features of a Dense.
const Axis* consumed(const Op& op, const Value& input)
{
    const auto rank = static_cast<std::int64_t>(input.axes.size());
    const std::int64_t wanted = op.kind == "batchnorm" ? op.attributes.integer("axis", -1) : -1;
    const std::int64_t axis = wanted < 0 ? wanted + rank : wanted;
    return axis < 0 || axis >= rank ? nullptr : &input.axes[static_cast<std::size_t>(axis)];
}

/// `axis` under the name of a parameter's axis; a plain one where at most one of its parts counts.
Axis named(Axis axis, char letter)
{
    const auto counts = std::count_if(axis.parts.begin(), axis.parts.end(), [](const Axis::Part& part) { return part.size != 1; });
    const bool isPlain = axis.order() == Order::Plain || (axis.order() == Order::Known && axis.segments.empty() && counts < 2);
    if (isPlain)
        axis = Axis();
    axis.name = std::string(1, letter);
    return axis;
}

/// Gives every letter of a role its real axis.
class Labeller
{
public:
    Labeller(const Model& model, std::span<const std::optional<Value>> values)
        : m_model(model), m_values(values), m_trails(trails(model, values)), m_later(unflattenedLater(model, values))
    {
    }

    Axis axis(char letter, std::size_t index) const
    {
        const Op& op = m_model.ops[index];
        const bool consumes = (op.kind == "linear" && letter == 'i') || op.kind == "batchnorm";
        if (op.kind == "linear" && letter == 'o' && m_later[index])
            return named(*m_later[index], letter);
        if (!consumes)
            return {std::string(1, letter), {}};
        if (!m_model.wired)
            return unwired(letter, index);
        const auto from = op.inputs.empty() ? m_model.ops.size() : static_cast<std::size_t>(op.inputs[0]);
        if (from >= m_model.ops.size())
            return lostAxis(std::string(1, letter), "nothing is connected to it");
        if (m_later[from])
            return named(*m_later[from], letter);
        if (from < m_values.size() && m_values[from])
            if (const Axis* source = consumed(op, *m_values[from]))
                return named(*source, letter);
        const std::string& because = m_trails[from].unknownBecause;
        return because.empty() ? Axis{std::string(1, letter), {}} : lostAxis(std::string(1, letter), because);
    }

private:
    /// Without wiring: plain where the layer before in the file makes exactly as many channels or features, so that a flattening in between
    /// would have nothing to reorder.
    Axis unwired(char letter, std::size_t index) const
    {
        const std::int64_t size = parameterAxis(m_model, m_model.ops[index], letter);
        for (std::size_t i = index; i-- > 0;)
            if (const Op& before = m_model.ops[i]; before.kind == "conv2d" || before.kind == "linear") {
                if (parameterAxis(m_model, before, 'o') == size)
                    return {std::string(1, letter), {}};
                break;
            }
        return lostAxis(std::string(1, letter), "the file tells no architecture");
    }

    const Model& m_model;
    std::span<const std::optional<Value>> m_values;
    std::vector<Trail> m_trails;
    std::vector<std::optional<Axis>> m_later;
};

}

std::int64_t parameterAxis(const Model& model, const Op& op, char letter)
{
    const Kind* k = kind(op.kind);
    for (std::size_t i = 0; k && i < k->roles.size(); ++i) {
        const Role& role = k->roles[i];
        const auto name = op.parameters.find(std::string(role.role));
        const Parameter* parameter = name == op.parameters.end() ? nullptr : model.parameter(name->second);
        const std::string_view letters = model.framework == Framework::Keras ? role.kerasAxes : role.torchAxes;
        if (const auto at = letters.find(letter); parameter && at != letters.npos && at < parameter->source.shape.size())
            return parameter->source.shape[at];
    }
    return 0;
}

Model withParameterAxes(Model model, std::span<const std::optional<Value>> values)
{
    std::map<std::string, std::size_t> index;
    for (std::size_t i = 0; i < model.parameters.size(); ++i)
        index.emplace(model.parameters[i].name, i);
    const Labeller labeller(model, values);
    std::set<std::size_t> labelled;
    for (std::size_t i = 0; i < model.ops.size(); ++i) {
        const Op& op = model.ops[i];
        const Kind* k = kind(op.kind);
        if (!k)
            continue;
        for (const Role& role : k->roles) {
            const auto name = op.parameters.find(std::string(role.role));
            const auto at = name == op.parameters.end() ? index.end() : index.find(name->second);
            const std::string_view letters = model.framework == Framework::Keras ? role.kerasAxes : role.torchAxes;
            if (at == index.end() || model.parameters[at->second].source.shape.size() != letters.size())
                continue;
            Axes axes;
            for (const char letter : letters)
                axes.push_back(labeller.axis(letter, i));
            Parameter& parameter = model.parameters[at->second];
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
