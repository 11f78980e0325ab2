// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/operatorarguments.h"

#include "core/layers/operators.h"
#include "core/layers/spec.h"

#include <algorithm>
#include <fmt/format.h>

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

std::string shown(const Json& json)
{
    return printable(dumpJson(json, -1), 40);
}

const Json& required(const Arguments& arguments, const std::string& name)
{
    const Json* value = arguments.find(name);
    if (!value)
        unsupported("no " + name, "an operator that is told it");
    return *value;
}

const Json* memberOf(const Json& json, const char* key)
{
    const auto found = json.is_object() ? json.find(key) : json.end();
    return found == json.end() || found->is_null() ? nullptr : &*found;
}

/// Python's slice: in Keras 2 its parts, in Keras 3 an object that holds them.
const Json* sliceOf(const Json& item)
{
    const Json* held = memberOf(item, "config");
    const Json& parts = held ? *held : item;
    return parts.is_object() && parts.contains("start") && parts.contains("stop") ? &parts : nullptr;
}

bool isEllipsis(const Json& item)
{
    const Json* name = memberOf(item, "class_name");
    return name && *name == "__ellipsis__";
}

std::int64_t bound(const Json& slice, const char* key, std::int64_t otherwise)
{
    const Json* value = memberOf(slice, key);
    if (value && !value->is_number_integer())
        unsupported("a slice " + shown(slice), "slices between numbers");
    return value ? value->get<std::int64_t>() : otherwise;
}

/// The lists that a kind of slices takes, dimension by dimension.
struct Slices
{
    Ints axes, begin, end, step, drop, insert;

    void cut(std::int64_t axis, std::int64_t from, std::int64_t to, std::int64_t by, bool drops)
    {
        axes.push_back(axis);
        begin.push_back(from);
        end.push_back(to);
        step.push_back(by);
        drop.push_back(drops ? 1 : 0);
    }
};

void addItem(Slices& slices, const Json& item, std::int64_t axis)
{
    constexpr std::int64_t open = INT64_MAX;
    if (item.is_number_integer()) {
        slices.cut(axis, item.get<std::int64_t>(), open, 1, true);
        return;
    }
    const Json* slice = sliceOf(item);
    if (!slice)
        unsupported("an index " + shown(item), "numbers and slices between numbers");
    const std::int64_t from = bound(*slice, "start", 0), to = bound(*slice, "stop", open), by = bound(*slice, "step", 1);
    if (by < 1)
        unsupported(fmt::format("a step of {}", by), "steps above 0");
    if (from != 0 || to != open || by != 1)
        slices.cut(axis, from, to, by, false);
}

/// Dimensions count from the front, behind an ellipsis from the end.
Slices slicesOf(const Json& items)
{
    Slices result;
    const auto ellipsis = std::find_if(items.begin(), items.end(), isEllipsis);
    const auto takesOne = [](const Json& item) { return !item.is_null() && !isEllipsis(item); };
    const auto givesOne = [](const Json& item) { return !item.is_number() && !isEllipsis(item); };
    bool isBehind = false;
    for (auto item = items.begin(); item != items.end(); ++item) {
        if (isEllipsis(*item)) {
            if (item != ellipsis)
                unsupported("two ellipses", "one");
            isBehind = true;
            continue;
        }
        const bool isNew = item->is_null();
        const std::int64_t place =
            isBehind ? (isNew ? -1 - std::count_if(std::next(item), items.end(), givesOne) : -std::count_if(item, items.end(), takesOne))
                     : (isNew ? std::count_if(items.begin(), item, givesOne) : std::count_if(items.begin(), item, takesOne));
        if (isNew)
            result.insert.push_back(place);
        else
            addItem(result, *item, place);
    }
    return result;
}

Json sizesBetween(const Json& places)
{
    Ints sizes;
    std::int64_t before = 0;
    for (const Json& place : places) {
        if (!place.is_number_integer() || place.get<std::int64_t>() <= before)
            unsupported("pieces that begin at " + shown(places), "rising places above 0");
        sizes.push_back(place.get<std::int64_t>() - before);
        before = place.get<std::int64_t>();
    }
    sizes.push_back(-1);
    return sizes;
}

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

void withNumber(Arguments& arguments)
{
    const Json first = required(arguments, "input"), second = required(arguments, "other");
    if (isTensor(first) && isTensor(second))
        return;
    const Json& constant = isTensor(first) ? valueOf(second) : valueOf(first);
    if (!constant.is_number() || (!isTensor(first) && !isTensor(second)))
        unsupported("the constant " + shown(constant), "one number, or values that the network computes");
    const bool isFirst = isTensor(second);
    const double number = constant.get<double>();
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
    const Json shape = required(arguments, "shape");
    Ints sizes = isIntegerList(shape) ? shape.get<Ints>() : Ints{};
    const bool keepsSamples =
        sizes.size() > 1 && sizes.front() == -1 && std::all_of(sizes.begin() + 1, sizes.end(), [](std::int64_t size) { return size > 0; });
    if (!keepsSamples)
        unsupported("the shape " + shown(shape), "shapes of which only the first size, the number of samples, is left open");
    sizes.erase(sizes.begin());
    arguments.values.insert_or_assign("shape", sizes);
    arguments.values.insert_or_assign("channels_last", true);
}

void inBrackets(Arguments& arguments)
{
    const Json told = required(arguments, "slices");
    const Slices slices = slicesOf(told.is_array() ? told : Json::array({told}));
    const Json input = required(arguments, "input");
    if (slices.axes.empty() && slices.insert.size() == 1)
        arguments = {"unsqueeze", {{"input", input}, {"dim", slices.insert.front()}}};
    else if (slices.axes.empty() && slices.insert.empty())
        arguments = {"Identity", {{"input", input}}};
    else if (slices.axes.size() == 1 && slices.drop.front() && slices.insert.empty())
        arguments = {"select", {{"input", input}, {"dim", slices.axes.front()}, {"index", slices.begin.front()}}};
    else if (slices.insert.empty() || slices.insert.front() > 0)
        arguments = {"slices",
                     {{"input", input},
                      {"axes", slices.axes},
                      {"begin", slices.begin},
                      {"end", slices.end},
                      {"step", slices.step},
                      {"drop", slices.drop},
                      {"insert", slices.insert}}};
    else
        unsupported("a new dimension before the samples or behind an ellipsis, and a part of the others", "one of both");
}

void inPieces(Arguments& arguments)
{
    const Json sizes = required(arguments, "sizes");
    if (!sizes.is_number_integer())
        return;
    arguments.values.erase("sizes");
    arguments.values.insert_or_assign("parts", sizes);
    arguments.values.insert_or_assign("even", true);
}

void atPlaces(Arguments& arguments)
{
    if (const Json& places = required(arguments, "sizes"); places.is_array())
        arguments.values.insert_or_assign("sizes", sizesBetween(places));
    inPieces(arguments);
}

void toFloats(Arguments& arguments)
{
    const Json& type = required(arguments, "dtype");
    if (type != "float32")
        unsupported("numbers of type " + shown(type), "float32");
    arguments.values.erase("dtype");
}

void approximated(Arguments& arguments)
{
    arguments.values.insert_or_assign("approximate", arguments.isTrue("approximate") ? "tanh" : "none");
}

void ofWindows(Arguments& arguments)
{
    for (const char* name : {"pool_size", "strides"}) {
        const Json told = required(arguments, name);
        Ints sizes = isIntegerList(told) ? told.get<Ints>() : Ints{};
        if (told.is_number_integer())
            sizes = {told.get<std::int64_t>()};
        if (sizes.size() == 4 && sizes.front() == 1 && sizes.back() == 1)
            sizes = {sizes[1], sizes[2]};
        if (sizes.empty() || sizes.size() > 2)
            unsupported(fmt::format("{} {}", name, shown(told)), "sizes for height and width");
        arguments.values.insert_or_assign(name, Ints{sizes.front(), sizes.back()});
    }
    const Json& padding = required(arguments, "padding");
    if (padding != "SAME" && padding != "VALID")
        unsupported("padding " + shown(padding), "SAME or VALID");
    arguments.values.insert_or_assign("padding", padding == "SAME" ? "same" : "valid");
}

void ofMatrices(Arguments& arguments)
{
    for (const char* name : {"input", "other"})
        if (!isTensor(required(arguments, name)))
            unsupported("the constant " + shown(*arguments.find(name)), "matrices that the network computes");
}

}
