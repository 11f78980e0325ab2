// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/kind.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace core::layers {

namespace {

using Parameters = std::span<const Parameter* const>;

/// Consumed channels or features, from the kernel.
std::int64_t consumed(const Model& model, const Op& op, Parameters parameters)
{
    const auto name = op.parameters.find("kernel");
    const auto kernel = name == op.parameters.end() ? parameters.end()
                                                    : std::find_if(parameters.begin(), parameters.end(),
                                                                   [&](const Parameter* one) { return one->name == name->second; });
    if (kernel == parameters.end() || (*kernel)->source.shape.size() < 2)
        return 0;
    const Shape& shape = (*kernel)->source.shape;
    const std::int64_t size = model.framework == Framework::Keras ? shape[shape.size() - 2] : shape[1];
    return size * op.attributes.integer("groups", 1);
}

void addWords(std::vector<std::string>& words, const Model& model, const Op& op, Parameters parameters)
{
    const Kind* k = kind(op.kind);
    if (!k || !k->words)
        return;
    const bool isTold = model.framework == Framework::Torch; // as PyTorch's users read a layer: in and out
    for (std::string& word : k->words(op, isTold ? consumed(model, op, parameters) : 0))
        words.push_back(std::move(word));
}

/// The settings of a layer that no kind reads, as the file tells them: words first (modes), then lists, then numbers. What says nothing
/// (None, false, a whole configuration) is left out.
void addToldSettings(std::vector<std::string>& words, const Layer& layer)
{
    constexpr std::size_t most = 10, longest = 40;
    const auto rank = [](const Attribute& value) {
        return std::holds_alternative<std::string>(value) ? 0 : std::holds_alternative<Ints>(value) ? 1 : 2;
    };
    std::size_t shown = 0;
    for (const int wanted : {0, 1, 2})
        for (const auto& [key, value] : layer.attributes) {
            const std::string told = text(value);
            const bool saysNothing =
                told.empty() || told == "None" || told == "null" || told == "false" || key == "config" || key == "calls";
            if (rank(value) != wanted || saysNothing || told.size() > longest || shown == most)
                continue;
            words.push_back(printable(key, longest) + " " + printable(told));
            ++shown;
        }
}

/// Whether the kind could make nothing of the layer's settings.
bool isUntold(const Op& op)
{
    return !op.unsupported.empty() && (!kind(op.kind) || op.attributes.begin() == op.attributes.end());
}

}

std::string summary(const Model& model, const Layer& layer)
{
    std::vector<const Parameter*> parameters;
    for (const std::string& name : layer.parameters)
        if (const Parameter* parameter = model.parameter(name))
            parameters.push_back(parameter);
    return summary(model, layer, model.opsOf(layer.name), parameters);
}

std::string summary(const Model& model, const Layer& layer, std::span<const int> ops, Parameters parameters)
{
    std::vector<std::string> words;
    bool first = true;
    for (const int index : ops) {
        const Op& op = model.ops[static_cast<std::size_t>(index)];
        const Kind* k = kind(op.kind);
        try {
            if (first && isUntold(op))
                addToldSettings(words, layer);
            else if (k && k->activation && (!first || layer.kind == "Activation"))
                words.emplace_back(k->kerasActivations.empty() ? k->id : k->kerasActivations.front());
            else if (model.wired || !op.attributes.integers("kernel", Ints{}).empty() || (k && k->effect == Effect::Makes))
                addWords(words, model, op, parameters);
        } catch (const Error&) { // an attribute that a reader left out: nothing to show
        }
        first = false;
    }
    std::erase(words, std::string());
    return fmt::format("{}", fmt::join(words, " "));
}

}
