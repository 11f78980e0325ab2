// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/kind.h"

#include <algorithm>

namespace core::layers {

namespace {

/// The axis that `letter` stands for: a flattened one where the consumed values were flattened and more than one part counts.
Axis realAxis(char letter, const Kind& k, const Op& op, const Value* input)
{
    const bool consumes = letter == 'i' || (k.id == "batchnorm" && letter == 'o');
    if (!consumes || !input || input->axes.empty() || k.id == "conv2d")
        return {std::string(1, letter), {}};
    const auto rank = static_cast<std::int64_t>(input->axes.size());
    const std::int64_t wanted = k.id == "batchnorm" ? op.attributes.integer("axis", -1) : -1;
    const std::int64_t axis = wanted < 0 ? wanted + rank : wanted;
    if (axis < 0 || axis >= rank)
        return {std::string(1, letter), {}};
    const Axis& source = input->axes[static_cast<std::size_t>(axis)];
    const auto counts = std::count_if(source.parts.begin(), source.parts.end(), [](const Axis::Part& part) { return part.size != 1; });
    return counts > 1 ? source : Axis{std::string(1, letter), {}};
}

}

Model withParameterAxes(Model model, std::span<const std::optional<Value>> values)
{
    std::map<std::string, std::size_t> index;
    for (std::size_t i = 0; i < model.parameters.size(); ++i)
        index.emplace(model.parameters[i].name, i);
    for (const Op& op : model.ops) {
        const Kind* k = kind(op.kind);
        if (!k)
            continue;
        const bool known = !op.inputs.empty() && op.inputs[0] >= 0 && static_cast<std::size_t>(op.inputs[0]) < values.size();
        const std::optional<Value> none;
        const std::optional<Value>& input = known ? values[static_cast<std::size_t>(op.inputs[0])] : none;
        for (const Role& role : k->roles) {
            const auto name = op.parameters.find(std::string(role.role));
            const auto at = name == op.parameters.end() ? index.end() : index.find(name->second);
            const std::string_view letters = model.framework == Framework::Keras ? role.kerasAxes : role.torchAxes;
            if (at == index.end() || model.parameters[at->second].source.shape.size() != letters.size())
                continue;
            Axes axes;
            for (const char letter : letters)
                axes.push_back(realAxis(letter, *k, op, input ? &*input : nullptr));
            model.parameters[at->second].axes = std::move(axes);
        }
    }
    return model;
}

}
