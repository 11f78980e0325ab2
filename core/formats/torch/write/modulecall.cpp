// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/formats/torch/write/moduleclasses.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

namespace {

using Type = PythonValue::Type;
using Use = ModuleField::Use;

/// Of a class that is made for images of one, two or three dimensions, the one for the op's input; the settings of zero padding, which
/// older PyTorch has for two dimensions alone.
layers::TorchSpec adapted(layers::TorchSpec spec, const layers::Call& call, const layers::Kind& kind)
{
    std::string& name = spec.className;
    const layers::Value* input = call.find();
    const bool isSized = name.size() > 2 && name.back() == 'd' && name[name.size() - 2] >= '1' && name[name.size() - 2] <= '3';
    if (isSized && input) {
        const auto rank = std::clamp<std::size_t>(input->shape.size(), 3, 5) - 2;
        std::string other = name;
        other[name.size() - 2] = static_cast<char>('0' + rank);
        if (std::find(kind.torchClasses.begin(), kind.torchClasses.end(), other) != kind.torchClasses.end())
            name = other;
    }
    if (name == "ZeroPad1d" || name == "ZeroPad3d") {
        name = "Constant" + name.substr(4);
        spec.raw.set("value", 0.0);
    }
    return spec;
}

const Attribute* find(const Attributes& raw, std::string_view name)
{
    for (const auto& [key, value] : raw)
        if (key == name)
            return &value;
    return nullptr;
}

/// What a parameter's shape tells, else the input's: what has no scale and shift normalises as many channels or dimensions as that has.
std::optional<PythonValue> toldByShape(const ModuleField& field, const layers::TorchSpec& spec, const layers::Call& call,
                                       const std::map<std::string, Shape>& parameters)
{
    if (field.parameter.empty())
        return {};
    const auto found = parameters.find(std::string(field.parameter));
    const layers::Value* input = call.find();
    if (field.dimension == ModuleField::every) {
        if (found != parameters.end())
            return PythonValue::tuple(found->second);
        const std::size_t axes = call.op.attributes.integers("axes", Ints{-1}).size();
        if (!input || input->shape.size() < axes)
            return {};
        return PythonValue::tuple(Ints(input->shape.end() - static_cast<std::ptrdiff_t>(axes), input->shape.end()));
    }
    if (found == parameters.end())
        return input && input->shape.size() > 1 ? std::optional(PythonValue(input->shape[1])) : std::nullopt;
    if (found->second.size() <= field.dimension)
        return {};
    return PythonValue(found->second[field.dimension] * (field.times.empty() ? 1 : spec.raw.integer(std::string(field.times), 1)));
}

std::optional<PythonValue> valueOf(const ModuleField& field, const layers::TorchSpec& spec, const layers::Call& call,
                                   const std::map<std::string, Shape>& parameters)
{
    if (const Attribute* told = find(spec.raw, field.name))
        return PythonValue::of(*told);
    if (const auto told = toldByShape(field, spec, call, parameters))
        return told;
    if (!field.alike.empty())
        if (const Attribute* other = find(spec.raw, field.alike))
            return PythonValue::of(*other);
    return field.fallback;
}

/// One of several equal numbers.
PythonValue brief(const ModuleField& field, const PythonValue& value)
{
    const bool isList = field.isSizes && value.type == Type::Tuple && !value.items.empty();
    const auto isFirst = [&](const PythonValue& item) { return item == value.items.front(); };
    return isList && std::all_of(value.items.begin(), value.items.end(), isFirst) ? value.items.front() : value;
}

PythonValue* fieldNamed(ModuleCall& module, std::string_view name)
{
    const auto& fields = module.type->fields;
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const ModuleField& field) { return field.name == name; });
    return found == fields.end() ? nullptr : &module.values[static_cast<std::size_t>(found - fields.begin())];
}

/// Convolutions keep their sizes by the dimension, and what F.pad takes for other padding than with zeros (nn.modules.conv._ConvNd).
void completeConvolution(ModuleCall& module)
{
    PythonValue* reversed = fieldNamed(module, "_reversed_padding_repeated_twice");
    if (!reversed)
        return;
    const std::size_t rank = fieldNamed(module, "kernel_size")->items.size();
    for (std::size_t i = 0; i < module.values.size(); ++i)
        if (PythonValue& value = module.values[i]; module.type->fields[i].isSizes && value.type == Type::Int) {
            const PythonValue each = value;
            value = PythonValue::of(Type::Tuple);
            value.items.assign(rank, each);
        }
    const PythonValue &padding = *fieldNamed(module, "padding"), &kernel = *fieldNamed(module, "kernel_size"),
                      &dilation = *fieldNamed(module, "dilation");
    *reversed = PythonValue::of(padding.type == Type::Tuple ? Type::Tuple : Type::List);
    for (std::size_t d = rank; d > 0; --d) {
        const std::int64_t total = dilation.items[d - 1].integer * (kernel.items[d - 1].integer - 1);
        const bool isSame = padding.type == Type::Text && padding.text == "same", isTold = padding.type == Type::Tuple;
        const std::int64_t before = isTold ? padding.items[d - 1].integer : isSame ? total / 2 : 0;
        reversed->items.emplace_back(before);
        reversed->items.emplace_back(isSame ? total - before : before);
    }
}

}

ModuleCall moduleCall(const layers::Call& call, const std::map<std::string, Shape>& parameters)
{
    const layers::Kind* kind = layers::kind(call.op.kind);
    if (!kind || !kind->toTorch)
        throw Error("layer-no-twin").expected("a class of torch.nn").found(printable(call.op.kind)).at(printable(call.op.name));
    const layers::TorchSpec spec = adapted(kind->toTorch(call.op), call, *kind);
    ModuleCall result{moduleClass(spec.className), {}};
    if (!result.type)
        throw Error("layer-no-twin").expected("a class that can be written").found(spec.className).at(printable(call.op.name));
    for (const ModuleField& field : result.type->fields) {
        auto value = valueOf(field, spec, call, parameters);
        if (!value)
            throw Error("layer-no-twin")
                .expected(fmt::format("a {} of {}", field.name, spec.className))
                .found("none")
                .at(printable(call.op.name));
        result.values.push_back(std::move(*value));
    }
    completeConvolution(result);
    return result;
}

std::string constructorText(const ModuleCall& module)
{
    std::string arguments;
    std::size_t place = 0; // those behind one that is left out are named
    for (std::size_t i = 0; i < module.values.size(); ++i) {
        const ModuleField& field = module.type->fields[i];
        if (field.use == Use::Kept)
            continue;
        const bool isNamed = place++ >= module.type->positional;
        const PythonValue value = brief(field, module.values[i]);
        const bool isUsual =
            (field.fallback && value == *field.fallback) || (!field.alike.empty() && i > 0 && value == brief(field, module.values[i - 1]));
        if (isUsual) {
            place = module.type->positional;
            continue;
        }
        arguments += (arguments.empty() ? "" : ", ") + (isNamed ? fmt::format("{}=", field.name) : std::string()) + repr(value);
    }
    return fmt::format("nn.{}({})", module.type->name, arguments);
}

std::vector<std::pair<std::string, PythonValue>> keptBy(const ModuleCall& module)
{
    std::vector<std::pair<std::string, PythonValue>> result;
    for (std::size_t i = 0; i < module.values.size(); ++i)
        if (const ModuleField& field = module.type->fields[i]; field.use != Use::Argument)
            result.emplace_back(field.name, module.values[i]);
    return result;
}

}
