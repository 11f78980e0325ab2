// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/operatorarguments.h"

#include "core/layers/operators.h"
#include "core/layers/spec.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace core::layers {

namespace {

/// One value, also where it is kept as an array of NumPy.
const Json& valueOf(const Json& json)
{
    const bool isArray = json.is_object() && json.contains("class_name") && json["class_name"] == "__numpy__" && json.contains("config");
    return isArray && json["config"].contains("value") ? json["config"]["value"] : json;
}

bool isTensor(const Json& json)
{
    return json.is_object() && json.contains(tensorKey);
}

Json sizesBetween(const Json& places)
{
    Ints sizes;
    std::int64_t before = 0;
    for (const Json& place : places) {
        if (!place.is_number_integer() || place.get<std::int64_t>() <= before)
            unsupported("pieces that begin at " + shownArgument(places), "rising places above 0");
        sizes.push_back(place.get<std::int64_t>() - before);
        before = place.get<std::int64_t>();
    }
    sizes.push_back(-1);
    return sizes;
}

}

std::string shownArgument(const Json& json)
{
    std::string text = dumpJson(json, -1);
    const std::string mark = std::string("{\"") + tensorKey + "\":";
    for (std::size_t at = 0; (at = text.find(mark, at)) != text.npos;)
        text.replace(at, text.find('}', at) + 1 - at, "a value");
    return printable(text, 40);
}

const Json& Arguments::required(const std::string& name) const
{
    const Json* value = find(name);
    if (!value)
        unsupported("no " + name, "an operator that is told it");
    return *value;
}

const Json* Arguments::find(const std::string& name) const
{
    const auto found = values.find(name);
    return found == values.end() ? nullptr : &found->second;
}

bool Arguments::isTrue(const std::string& name) const
{
    const Json* value = find(name);
    return value && value->is_boolean() && value->get<bool>();
}

namespace {

/// A number, or several along the last axis: of a constant in brackets, of which the outermost hold one element.
std::optional<Json> numbersIn(const Json& constant)
{
    const bool isRow = constant.is_array() && constant.size() == 1 && constant.front().is_array();
    const Json& list = isRow ? constant.front() : constant;
    if (list.is_number())
        return list;
    const bool fits =
        list.is_array() && !list.empty() && std::all_of(list.begin(), list.end(), [](const Json& one) { return one.is_number(); });
    return !fits ? std::nullopt : std::optional(list.size() == 1 ? list.front() : list);
}

/// What arithmetic with several numbers can be.
void withNumbers(Arguments& arguments, const Json& tensor, const Json& numbers, bool isFirst)
{
    std::string& name = arguments.className;
    const bool isKnown = name == "add" || name == "mul" || name == "sub" || (name == "div" && !isFirst);
    if (!isKnown)
        unsupported(fmt::format("the constant {}", shownArgument(numbers)), "sums, products and quotients with constants");
    name = isFirst && name == "sub" ? "rsub_number" : name + "_number";
    arguments.values = {{"input", tensor}, {"other", numbers}};
}

}

void withNumber(Arguments& arguments)
{
    const Json first = arguments.required("input"), second = arguments.required("other");
    if (isTensor(first) && isTensor(second))
        return;
    const Json& constant = isTensor(first) ? valueOf(second) : valueOf(first);
    const std::optional<Json> numbers = numbersIn(constant);
    if (!numbers || (!isTensor(first) && !isTensor(second)))
        unsupported("the constant " + shownArgument(constant), "a number, or several along the last axis");
    const bool isFirst = isTensor(second);
    if (numbers->is_array())
        return withNumbers(arguments, isFirst ? second : first, *numbers, isFirst);
    const double number = numbers->get<double>();
    std::string& name = arguments.className;
    arguments.values = {{"input", isFirst ? second : first}};
    if (name == "maximum" || name == "minimum") {
        const bool isRelu = name == "maximum" && number == 0;
        if (!isRelu)
            arguments.values.emplace(name == "maximum" ? "min_val" : "max_val", number);
        name = isRelu ? "ReLU" : "clamp";
        return;
    }
    const bool inverts = isFirst && name == "div" && number == 1;
    if (isFirst && !inverts && (name == "div" || name == "pow"))
        unsupported(fmt::format("the number {} {} a value", number, name == "div" ? "divided by" : "raised to"),
                    "numbers on the right side, and 1 divided by a value");
    name = inverts ? "reciprocal" : isFirst && name == "sub" ? "rsub_number" : name + "_number";
    if (!inverts)
        arguments.values.emplace("other", number);
}

void ofSamples(Arguments& arguments)
{
    const Json shape = arguments.required("shape");
    Ints sizes = isIntegerList(shape) ? shape.get<Ints>() : Ints{};
    const bool keepsSamples =
        sizes.size() > 1 && sizes.front() == -1 && std::all_of(sizes.begin() + 1, sizes.end(), [](std::int64_t size) { return size > 0; });
    if (!keepsSamples)
        unsupported("the shape " + shownArgument(shape), "shapes of which only the first size, the number of samples, is left open");
    sizes.erase(sizes.begin());
    arguments.values.insert_or_assign("shape", sizes);
    arguments.values.insert_or_assign("channels_last", true);
}

void inPieces(Arguments& arguments)
{
    const Json sizes = arguments.required("sizes");
    if (!sizes.is_number_integer())
        return;
    arguments.values.erase("sizes");
    arguments.values.insert_or_assign("parts", sizes);
    arguments.values.insert_or_assign("even", true);
}

void atPlaces(Arguments& arguments)
{
    if (const Json& places = arguments.required("sizes"); places.is_array())
        arguments.values.insert_or_assign("sizes", sizesBetween(places));
    inPieces(arguments);
}

void toFloats(Arguments& arguments)
{
    const Json& type = arguments.required("dtype");
    if (type != "float32")
        unsupported("numbers of type " + shownArgument(type), "float32");
    arguments.values.erase("dtype");
}

void approximated(Arguments& arguments)
{
    arguments.values.insert_or_assign("approximate", arguments.isTrue("approximate") ? "tanh" : "none");
}

void ofWindows(Arguments& arguments)
{
    for (const char* name : {"pool_size", "strides"}) {
        const Json told = arguments.required(name);
        Ints sizes = isIntegerList(told) ? told.get<Ints>() : Ints{};
        if (told.is_number_integer())
            sizes = {told.get<std::int64_t>()};
        if (sizes.size() == 4 && sizes.front() == 1 && sizes.back() == 1)
            sizes = {sizes[1], sizes[2]};
        if (sizes.empty() || sizes.size() > 2)
            unsupported(fmt::format("{} {}", name, shownArgument(told)), "sizes for height and width");
        arguments.values.insert_or_assign(name, Ints{sizes.front(), sizes.back()});
    }
    const Json& padding = arguments.required("padding");
    if (padding != "SAME" && padding != "VALID")
        unsupported("padding " + shownArgument(padding), "SAME or VALID");
    arguments.values.insert_or_assign("padding", padding == "SAME" ? "same" : "valid");
}

void ofMatrices(Arguments& arguments)
{
    for (const char* name : {"input", "other"})
        if (!isTensor(arguments.required(name)))
            unsupported("the constant " + shownArgument(*arguments.find(name)), "matrices that the network computes");
}

}
