// SPDX-License-Identifier: GPL-3.0-or-later
// Merges and what is done element by element. PyTorch's own names; what Tieout's LibTorch worker computes is said here in Python.
#include "core/layers/torchcode.h"

#include "core/layers/spec.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace core::layers {

namespace {

/// With an operator between all inputs.
TorchCode joined(const TorchNames& names, std::string_view between)
{
    std::string result;
    for (const std::string& input : names.inputs)
        result.append(result.empty() ? "" : between).append(input);
    return {result};
}

TorchCode sum(const Call&, const TorchNames& names)
{
    return joined(names, " + ");
}

TorchCode difference(const Call&, const TorchNames& names)
{
    return joined(names, " - ");
}

TorchCode product(const Call&, const TorchNames& names)
{
    return joined(names, " * ");
}

TorchCode quotient(const Call&, const TorchNames& names)
{
    return joined(names, " / ");
}

TorchCode average(const Call&, const TorchNames& names)
{
    return {fmt::format("({}) / {}", joined(names, " + ").expression, names.inputs.size())};
}

TorchCode folded(std::string_view function, const TorchNames& names)
{
    std::string result = names.inputs.front();
    for (std::size_t i = 1; i < names.inputs.size(); ++i)
        result = fmt::format("torch.{}({}, {})", function, result, names.inputs[i]);
    return {result};
}

TorchCode maximum(const Call&, const TorchNames& names)
{
    return folded("maximum", names);
}

TorchCode minimum(const Call&, const TorchNames& names)
{
    return folded("minimum", names);
}

/// A function of one tensor that is called as the kind, or as PyTorch calls it.
TorchCode method(const Call& call, const TorchNames& names)
{
    const std::string name = call.op.kind == "exponential" ? "exp" : call.op.kind;
    return {fmt::format("torch.{}({})", name, names.inputs.front())};
}

std::string numbers(const Attributes& settings, const char* many, const char* single, const std::string& like, double neutral)
{
    const Reals values = settings.has(many) ? settings.reals(many) : Reals{settings.real(single)};
    if (values.size() == 1)
        return values.front() == neutral ? std::string() : pythonNumber(values.front());
    std::string list;
    for (const double value : values)
        list += (list.empty() ? "" : ", ") + pythonNumber(value);
    return fmt::format("{}.new_tensor([{}])", like, list);
}

TorchCode affine(const Call& call, const TorchNames& names)
{
    const std::string& x = names.inputs.front();
    const std::string scale = numbers(call.op.attributes, "scales", "scale", x, 1),
                      offset = numbers(call.op.attributes, "offsets", "offset", x, 0);
    return {x + (scale.empty() ? "" : " * " + scale) + (offset.empty() ? "" : " + " + offset)};
}

TorchCode power(const Call& call, const TorchNames& names)
{
    return {fmt::format("{} ** {}", names.inputs.front(), pythonNumber(call.op.attributes.real("exponent")))};
}

/// keras.activations.relu with all of its settings.
TorchCode clippedRelu(const Call& call, const TorchNames& names)
{
    const std::string& x = names.inputs.front();
    const double threshold = call.op.attributes.real("threshold", 0), slope = call.op.attributes.real("slope", 0);
    const std::string from = pythonNumber(threshold);
    std::string result = threshold == 0 ? fmt::format("torch.relu({})", x) : fmt::format("({0} * ({0} > {1}))", x, from);
    if (call.op.attributes.has("max"))
        result += fmt::format(".clamp(0, {})", pythonNumber(call.op.attributes.real("max")));
    if (slope != 0)
        result += fmt::format(" - {} * torch.relu({} - {})", pythonNumber(slope), from, x);
    return {result};
}

TorchCode hardSigmoid(const Call& call, const TorchNames& names)
{
    return {fmt::format("({} * {} + 0.5).clamp(0, 1)", names.inputs.front(), pythonNumber(call.op.attributes.real("slope")))};
}

TorchCode clip(const Call& call, const TorchNames& names)
{
    std::string bounds;
    for (const char* bound : {"min", "max"})
        if (call.op.attributes.has(bound))
            bounds += fmt::format("{}{}={}", bounds.empty() ? "" : ", ", bound, pythonNumber(call.op.attributes.real(bound)));
    return {fmt::format("{}.clamp({})", names.inputs.front(), bounds)};
}

TorchCode unitNorm(const Call& call, const TorchNames& names)
{
    return {fmt::format("{0} / {0}.square().sum({1}, keepdim=True).sqrt().clamp_min({2})", names.inputs.front(),
                        call.op.attributes.integer("axis", -1), pythonNumber(call.op.attributes.real("floor")))};
}

const TorchFunction table[] = {
    {"add", sum},
    {"subtract", difference},
    {"multiply", product},
    {"divide", quotient},
    {"average", average},
    {"maximum", maximum},
    {"minimum", minimum},
    {"abs", method},
    {"sqrt", method},
    {"log", method},
    {"sin", method},
    {"cos", method},
    {"exponential", method},
    {"affine", affine},
    {"power", power},
    {"clippedrelu", clippedRelu},
    {"hardsigmoid", hardSigmoid},
    {"clip", clip},
    {"unitnorm", unitNorm},
};

const TorchFunction* functionOf(std::string_view kind)
{
    for (const auto& rows : {std::span<const TorchFunction>(table), torchShapeCode(), torchSequenceCode()})
        for (const TorchFunction& row : rows)
            if (row.kind == kind)
                return &row;
    return nullptr;
}

}

TorchCode torchCode(const Call& call, const TorchNames& names)
{
    const TorchFunction* row = functionOf(call.op.kind);
    if (row && row->usesModule == !names.module.empty())
        return row->code(call, names);
    const bool isPlain = std::all_of(call.op.inputs.begin(), call.op.inputs.end(), [](const Input& input) { return input.name.empty(); });
    if (names.module.empty() || !isPlain)
        noTorchCode(call.op, "a class of torch.nn, or functions of PyTorch, that compute the same", call.op.kind);
    return {fmt::format("{}({})", names.module, fmt::join(names.inputs, ", "))};
}

void noTorchCode(const Op& op, const std::string& expected, const std::string& found)
{
    throw Error("layer-no-twin").expected(expected).found(found).at(printable(op.name));
}

std::string listed(const Ints& numbers)
{
    return fmt::format("{}", fmt::join(numbers, ", "));
}

std::string pythonNumber(double number)
{
    if (std::isnan(number) || std::isinf(number))
        return fmt::format("float(\"{}\")", number);
    const std::string text = fmt::format("{}", number);
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

}
