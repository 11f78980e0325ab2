// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torchscript/scriptbuiltins.h"

#include "core/formats/torchscript/scriptarithmetic.h"
#include "core/formats/torchscript/scriptproblem.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace core::formats {

using Type = AtenValue::Type;
using Arguments = std::vector<AtenValue>;

namespace {

constexpr std::uint64_t rangeLimit = 100'000;

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// What is asked of a tensor and never told by a file, or has no value.
constexpr std::array<std::string_view, 24> untold{"device",
                                                  "dtype",
                                                  "layout",
                                                  "is_cuda",
                                                  "numel",
                                                  "item",
                                                  "requires_grad",
                                                  "is_floating_point",
                                                  "stride",
                                                  "storage_offset",
                                                  "isinstance",
                                                  "is_autocast_enabled",
                                                  "is_autocast_cpu_enabled",
                                                  "get_device",
                                                  "is_contiguous",
                                                  "warn",
                                                  "format",
                                                  "percentFormat",
                                                  "print",
                                                  "_record_function_enter",
                                                  "_record_function_enter_new",
                                                  "_record_function_exit",
                                                  "is_nested",
                                                  "is_complex"};
constexpr std::array<std::string_view, 8> passed{
    "NumToTensor", "unchecked_unwrap_optional", "IntImplicit", "FloatImplicit", "ScalarImplicit", "data", "Int", "Scalar"};
constexpr std::array<std::string_view, 16> arithmetic{"add", "sub", "mul", "div", "floordiv", "remainder", "pow", "eq",
                                                      "ne",  "lt",  "le",  "gt",  "ge",       "max",       "min", "floor_divide"};
constexpr std::array<std::string_view, 8> unary{"neg", "abs", "floor", "ceil", "sqrt", "round", "exp", "log"};

const AtenValue& at(const Arguments& arguments, std::size_t index)
{
    static const AtenValue none;
    return index < arguments.size() ? arguments[index] : none;
}

/// A number, or what may be one but is no tensor.
bool isScalar(const AtenValue& value)
{
    return value.isNumber() || value.is(Type::Size) || value.is(Type::None) || value.is(Type::String) ||
           (value.is(Type::Unknown) && value.value < 0);
}

AtenValue length(const AtenValue& value, const AtenGraph& graph)
{
    if (value.items && !value.items->isUnknown)
        return AtenValue::ofInteger(static_cast<std::int64_t>(value.items->values.size() / (value.is(Type::Dict) ? 2 : 1)));
    if (value.is(Type::String))
        return AtenValue::ofInteger(static_cast<std::int64_t>(value.text.size()));
    if (value.is(Type::Sizes))
        if (const int rank = graph.rank(AtenValue::computed(Type::Tensor, value.value)); rank >= 0)
            return AtenValue::ofInteger(rank);
    return AtenValue::unknown();
}

/// Every second item of a dict, from `first` on.
AtenValue half(const AtenValue& dict, std::size_t first)
{
    Arguments values;
    for (std::size_t i = first; i < dict.items->values.size(); i += 2)
        values.push_back(dict.items->values[i]);
    return AtenValue::ofItems(Type::List, std::move(values));
}

AtenValue pairs(const AtenValue& dict)
{
    Arguments values;
    for (std::size_t i = 0; i + 1 < dict.items->values.size(); i += 2)
        values.push_back(AtenValue::ofItems(Type::Tuple, {dict.items->values[i], dict.items->values[i + 1]}));
    return AtenValue::ofItems(Type::List, std::move(values));
}

/// list[start:stop:step] with Python's clipping; None where a bound is left out.
AtenValue slice(const AtenValue& list, const AtenValue& start, const AtenValue& stop, const AtenValue& step)
{
    const auto& values = list.items->values;
    const auto size = static_cast<std::int64_t>(values.size());
    const auto bound = [&](const AtenValue& given, std::int64_t fallback) {
        const std::int64_t index = given.is(Type::Integer) ? given.integer : fallback;
        return std::clamp<std::int64_t>(index < 0 ? index + size : index, 0, size);
    };
    const auto isTold = [](const AtenValue& value) { return value.isNone() || value.is(Type::Integer); };
    if (list.items->isUnknown || !isTold(start) || !isTold(stop) || !(step.isNone() || (step.is(Type::Integer) && step.integer == 1)))
        return AtenValue::unknown();
    const std::int64_t from = bound(start, 0), to = bound(stop, size);
    return AtenValue::ofItems(list.type, from < to ? Arguments(values.begin() + from, values.begin() + to) : Arguments());
}

/// How many values range(start, stop, step) has; exact for all 64-bit numbers.
std::uint64_t rangeRounds(std::int64_t start, std::int64_t stop, std::int64_t step)
{
    const bool isUp = step > 0;
    if (isUp ? start >= stop : start <= stop)
        return 0;
    const auto from = static_cast<std::uint64_t>(start), to = static_cast<std::uint64_t>(stop), by = static_cast<std::uint64_t>(step);
    return ((isUp ? to - from : from - to) - 1) / (isUp ? by : 0 - by) + 1;
}

AtenValue range(const Arguments& arguments)
{
    for (const AtenValue& argument : arguments)
        if (!argument.is(Type::Integer))
            return AtenValue::unknown();
    const std::int64_t start = arguments.size() > 1 ? arguments[0].integer : 0, stop = at(arguments, arguments.size() > 1 ? 1 : 0).integer,
                       step = arguments.size() > 2 ? arguments[2].integer : 1;
    if (step == 0)
        scriptProblem("a loop whose step is 0");
    const std::uint64_t rounds = rangeRounds(start, stop, step);
    if (rounds > rangeLimit)
        scriptProblem("a loop of more than 100,000 rounds");
    Arguments values;
    values.reserve(static_cast<std::size_t>(rounds));
    for (std::uint64_t i = 0; i < rounds; ++i)
        values.push_back(
            AtenValue::ofInteger(static_cast<std::int64_t>(static_cast<std::uint64_t>(start) + i * static_cast<std::uint64_t>(step))));
    return AtenValue::ofItems(Type::List, std::move(values));
}

std::optional<AtenValue> onLists(std::string_view name, const Arguments& arguments)
{
    const AtenValue& list = at(arguments, 0);
    if (!list.items)
        return {};
    auto& values = list.items->values;
    constexpr std::size_t sizeLimit = 1'000'000;
    if (values.size() > sizeLimit)
        scriptProblem("a list of more than a million values");
    if (list.is(Type::Dict) && name == "keys")
        return half(list, 0);
    if (list.is(Type::Dict) && name == "values")
        return half(list, 1);
    if (list.is(Type::Dict) && name == "items")
        return pairs(list);
    if (name == "append") {
        values.push_back(at(arguments, 1));
        return list;
    }
    if (name == "extend" || (name == "add_" && list.is(Type::List))) {
        const Arguments more = at(arguments, 1).items ? at(arguments, 1).items->values : Arguments();
        if (!at(arguments, 1).items || at(arguments, 1).items->isUnknown)
            list.items->isUnknown = true;
        values.insert(values.end(), more.begin(), more.end());
        return list;
    }
    if (name == "add" && at(arguments, 1).isSequence()) {
        Arguments both = values;
        both.insert(both.end(), at(arguments, 1).items->values.begin(), at(arguments, 1).items->values.end());
        return AtenValue::ofItems(list.type, std::move(both));
    }
    if (name == "slice")
        return slice(list, at(arguments, 1), at(arguments, 2), at(arguments, 3));
    if (name == "__getitem__" || name == "get")
        return scriptItem(list, at(arguments, 1));
    if (name == "list" || name == "copy")
        return AtenValue::ofItems(Type::List, values);
    if (name == "clear" || name == "insert" || name == "pop" || name == "reverse" || name == "sort" || name == "_set_item" ||
        name == "remove" || name == "Delete") {
        list.items->isUnknown = true;
        return AtenValue::unknown();
    }
    return {};
}

std::optional<AtenValue> onTensors(std::string_view name, const Arguments& arguments, const AtenGraph& graph)
{
    const AtenValue& tensor = at(arguments, 0);
    const bool isTensor = tensor.is(Type::Tensor) && tensor.output == 0;
    if (name == "size" && arguments.size() == 1)
        return isTensor ? AtenValue::computed(Type::Sizes, tensor.value) : AtenValue::unknown();
    if (name == "size")
        return isTensor ? scriptItem(AtenValue::computed(Type::Sizes, tensor.value), at(arguments, 1)) : AtenValue::unknown();
    if (name == "dim" || name == "ndimension") {
        const int rank = graph.rank(tensor);
        return rank >= 0 ? AtenValue::ofInteger(rank) : AtenValue::unknown();
    }
    return {};
}

std::optional<AtenValue> onIdentity(std::string_view name, const Arguments& arguments)
{
    if (name == "__is__" || name == "__isnot__") {
        const AtenValue &a = at(arguments, 0), &b = at(arguments, 1);
        if (a.is(Type::Unknown) || b.is(Type::Unknown))
            return AtenValue::unknown();
        if (!a.isNone() && !b.isNone())
            return AtenValue::unknown();
        return AtenValue::ofBool((a.isNone() && b.isNone()) == (name == "__is__"));
    }
    if (name == "__not__") {
        const auto truth = scriptTruth(at(arguments, 0));
        return truth ? AtenValue::ofBool(!*truth) : AtenValue::unknown();
    }
    if (name == "__contains__") {
        const AtenValue& list = at(arguments, 0);
        if (!list.items || list.items->isUnknown)
            return AtenValue::unknown();
        bool isSure = true;
        for (std::size_t i = 0; i < list.items->values.size(); i += list.is(Type::Dict) ? 2U : 1U) {
            const auto equal = scriptEqual(list.items->values[i], at(arguments, 1));
            if (equal && *equal)
                return AtenValue::ofBool(true);
            isSure = isSure && equal;
        }
        return isSure ? AtenValue::ofBool(false) : AtenValue::unknown();
    }
    if (name == "is_scripting")
        return AtenValue::ofBool(true);
    if (name == "is_tracing" || name == "is_grad_enabled")
        return AtenValue::ofBool(false);
    return {};
}

}

AtenValue scriptItem(const AtenValue& value, const AtenValue& index)
{
    if (value.is(Type::Sizes) && index.is(Type::Integer)) {
        AtenValue size = AtenValue::computed(Type::Size, value.value);
        size.integer = index.integer;
        return size;
    }
    if (value.isComputed())
        return index.is(Type::Integer) && index.integer >= 0 && index.integer < 1 << 20
                   ? AtenValue::computed(value.type, value.value, static_cast<int>(index.integer))
                   : AtenValue::computed(Type::Unknown, value.value);
    if (!value.items || value.items->isUnknown)
        return AtenValue::unknown();
    const auto& values = value.items->values;
    if (value.is(Type::Dict)) {
        for (std::size_t i = 0; i + 1 < values.size(); i += 2)
            if (const auto equal = scriptEqual(values[i], index); equal && *equal)
                return values[i + 1];
        return AtenValue::unknown();
    }
    if (!index.is(Type::Integer))
        return AtenValue::unknown();
    const auto size = static_cast<std::int64_t>(values.size());
    const std::int64_t place = index.integer < 0 ? index.integer + size : index.integer;
    if (place < 0 || place >= size)
        scriptProblem("an index that its list does not have");
    return values[static_cast<std::size_t>(place)];
}

std::optional<AtenValue> scriptBuiltin(std::string_view name, const Arguments& arguments, const AtenGraph& graph)
{
    const bool allScalar = std::all_of(arguments.begin(), arguments.end(), isScalar);
    if (name == "RaiseException")
        scriptProblem("an exception that the code always raises");
    if (name == "len")
        return length(at(arguments, 0), graph);
    if (name == "range")
        return range(arguments);
    if (contains(passed, name) || (allScalar && (name == "int" || name == "float" || name == "bool" || name == "str"))) {
        const AtenValue& value = at(arguments, 0);
        if (name == "float" && value.is(Type::String))
            return AtenValue::ofReal(value.text == "inf" ? INFINITY : value.text == "-inf" ? -INFINITY : NAN);
        if (name == "float" && value.isNumber())
            return AtenValue::ofReal(value.number());
        if (name == "bool")
            if (const auto truth = scriptTruth(value))
                return AtenValue::ofBool(*truth);
        if (name == "int" && value.is(Type::Real))
            return std::abs(value.real) < 1e15 ? AtenValue::ofInteger(static_cast<std::int64_t>(value.real)) : AtenValue::unknown();
        return value;
    }
    if (name == "int" || name == "float" || name == "bool" || name == "str" || contains(untold, name))
        return AtenValue::unknown();
    if (auto result = onIdentity(name, arguments))
        return result;
    if (auto result = onLists(name, arguments))
        return result;
    if (auto result = onTensors(name, arguments, graph))
        return result;
    const bool isComparison = name == "eq" || name == "ne";
    const bool onSequences = isComparison && at(arguments, 0).isSequence() && at(arguments, 1).isSequence();
    if (arguments.size() >= 2 && (allScalar || onSequences) && contains(arithmetic, name))
        return scriptComputed(name, arguments[0], arguments[1]);
    if (arguments.size() == 1 && allScalar && contains(unary, name))
        return scriptComputed(name, arguments[0]);
    return {};
}

}
