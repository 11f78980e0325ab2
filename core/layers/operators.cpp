// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/operators.h"

#include "core/layers/operatortable.h"
#include "core/layers/spec.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::layers {

namespace {

void take(Arguments& to, const OperatorRow& row, const std::string& name, const Json& value)
{
    const auto known =
        std::find_if(row.arguments.begin(), row.arguments.end(), [&](const OperatorArgument& one) { return one.name == name; });
    if (value.is_null() || name == "name")
        return;
    if (known == row.arguments.end())
        unsupported(fmt::format("an argument {}", printable(name)), "those that it knows of the operator");
    const bool isUsual = !known->usual.empty() && value == parseJson(known->usual, name);
    if (known->setting.empty() && !isUsual && !(value.is_number() && name == "num")) // how many there are the value tells itself
        unsupported(fmt::format("an argument {} {}", printable(name), printable(dumpJson(value, -1), 40)), "the operator without it");
    if (!known->setting.empty() && !to.isTrue(std::string(known->setting)))
        to.values.insert_or_assign(std::string(known->setting), value);
}

Arguments bound(const OperatorCall& call, const OperatorRow& row)
{
    Arguments result{std::string(row.className), {}};
    for (std::size_t i = 0; i < call.positional.size(); ++i)
        take(result, row, i < row.arguments.size() ? std::string(row.arguments[i].name) : fmt::format("number {}", i + 1),
             call.positional[i]);
    for (const auto& [name, value] : call.keywords.items())
        take(result, row, name, value);
    for (const OperatorArgument& argument : row.arguments)
        if (!argument.usual.empty() && !argument.setting.empty())
            result.values.emplace(argument.setting, parseJson(argument.usual, argument.name));
    return result;
}

/// A number, or several.
bool isConstant(const Json& value)
{
    return value.is_number() || (value.is_array() && !value.empty() && value.front().is_number());
}

/// The tensors of an argument, which is nothing else.
void takeTensors(const Json& value, std::vector<std::size_t>& inputs)
{
    if (const auto tensor = value.is_object() ? value.find(tensorKey) : value.end(); tensor != value.end())
        inputs.push_back(tensor->get<std::size_t>());
    else if (value.is_array() && !value.empty())
        for (const Json& element : value)
            takeTensors(element, inputs);
    else
        unsupported(fmt::format("the constant {}", printable(dumpJson(value, -1), 40)), "values that the network computes");
}

Attribute setting(const std::string& name, const Json& value)
{
    if (value.is_boolean())
        return value.get<bool>();
    if (value.is_number_integer())
        return value.get<std::int64_t>();
    if (value.is_number())
        return value.get<double>();
    if (value.is_string())
        return value.get<std::string>();
    if (isIntegerList(value))
        return value.get<Ints>();
    if (value.is_array() && std::all_of(value.begin(), value.end(), [](const Json& number) { return number.is_number(); }))
        return value.get<Reals>();
    unsupported(fmt::format("{} {}", printable(name), printable(dumpJson(value, -1), 40)), "a number, or several");
}

/// Whether there is a kind that computes so.
bool setKind(Operator& result, const Arguments& arguments, const OperatorRow& row, bool isOperation)
{
    TorchSpec spec{arguments.className, {}, {}};
    KerasSpec layer{arguments.className, Json::object(), isOperation ? "3.0.0" : "2.15.0"};
    for (const auto& [name, value] : arguments.values) {
        const bool isTensor = name == "input" || (name == "other" && !isConstant(value));
        if (!isTensor && row.isLayer)
            layer.config[name] = value;
        else if (!isTensor)
            spec.raw.set(name, setting(name, value));
    }
    const Kind* kind = row.isLayer ? kindOfKeras(layer) : kindOfTorch(arguments.className);
    if (!kind || (row.isLayer ? !kind->fromKeras : !kind->fromTorch))
        return false;
    result.kind = kind->id;
    result.attributes = row.isLayer ? kind->fromKeras(layer) : kind->fromTorch(spec);
    return true;
}

}

std::optional<Operator> kerasOperator(const OperatorCall& call)
{
    const OperatorRow* row = operatorRow(call);
    if (!row)
        return {};
    Arguments arguments = bound(call, *row);
    if (row->adjust)
        row->adjust(arguments);
    Operator result;
    for (const char* name : {"input", "other"})
        if (const Json* value = arguments.find(name); value && !isConstant(*value))
            takeTensors(*value, result.inputs);
    result.numbers = row->numbers;
    if (!setKind(result, arguments, *row, call.isOperation))
        return {};
    return result;
}

}
