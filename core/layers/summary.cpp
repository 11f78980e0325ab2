// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/kind.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace core::layers {

namespace {

using Parameters = std::span<const Parameter* const>;

std::string times(const Ints& values)
{
    return fmt::format("{}", fmt::join(values, "×"));
}

std::string paddingText(const Op& op)
{
    const std::string padding = op.attributes.string("padding", "valid");
    if (padding == "same")
        return "same";
    if (padding != "explicit" && op.kind != "zeropad2d")
        return {};
    const Ints p = op.attributes.integers("pads", 4, Ints{0, 0, 0, 0});
    const bool even = p[0] == p[1] && p[0] == p[2] && p[0] == p[3];
    return even ? fmt::format("p{}", p[0]) : fmt::format("p{}", text(Shape(p)));
}

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

std::string produced(const Model& model, const Op& op, Parameters parameters, const char* attribute)
{
    const std::int64_t out = op.attributes.integer(attribute, 0), in = consumed(model, op, parameters);
    if (model.framework == Framework::Torch && in > 0)
        return fmt::format("{}→{}", in, out);
    return std::to_string(out);
}

void addWindow(std::vector<std::string>& words, const Op& op)
{
    const Ints kernel = op.attributes.integers("kernel", 2, Ints{1, 1}), stride = op.attributes.integers("stride", 2, Ints{1, 1});
    const Ints dilation = op.attributes.integers("dilation", 2, Ints{1, 1});
    const Ints usual = op.kind == "conv2d" ? Ints{1, 1} : kernel;
    words.push_back(times(kernel));
    if (stride != usual)
        words.push_back(stride[0] == stride[1] ? fmt::format("s{}", stride[0]) : "s" + times(stride));
    if (dilation != Ints{1, 1})
        words.push_back(dilation[0] == dilation[1] ? fmt::format("d{}", dilation[0]) : "d" + times(dilation));
    words.push_back(paddingText(op));
    if (op.attributes.boolean("ceil", false))
        words.push_back("ceil");
}

void addWords(std::vector<std::string>& words, const Model& model, const Op& op, Parameters parameters)
{
    if (op.kind == "conv2d") {
        words.push_back(produced(model, op, parameters, "filters"));
        addWindow(words, op);
        if (const std::int64_t groups = op.attributes.integer("groups", 1); groups != 1)
            words.push_back(fmt::format("g{}", groups));
    } else if (op.kind == "linear") {
        words.push_back(produced(model, op, parameters, "units"));
    } else if (op.kind == "avgpool2d" || op.kind == "maxpool2d") {
        addWindow(words, op);
    } else if (op.kind == "zeropad2d") {
        words.push_back(paddingText(op));
    } else if (op.kind == "dropout") {
        words.push_back(fmt::format("{:g}", op.attributes.real("rate", 0)));
    } else if (op.kind == "batchnorm") {
        words.push_back(fmt::format("ε {:g}", op.attributes.real("epsilon", 0)));
    }
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
            const bool saysNothing = told.empty() || told == "None" || told == "null" || told == "false" || key == "config";
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
                words.push_back(op.kind == "logsoftmax" ? "log_softmax" : op.kind);
            else if (model.wired || !op.attributes.integers("kernel", Ints{}).empty() || op.kind == "linear")
                addWords(words, model, op, parameters);
        } catch (const Error&) { // an attribute that a reader left out: nothing to show
        }
        first = false;
    }
    std::erase(words, std::string());
    return fmt::format("{}", fmt::join(words, " "));
}

}
