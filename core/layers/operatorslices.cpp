// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in brackets behind a value, as Keras 2 and 3 write it.
#include "core/layers/operatorarguments.h"
#include "core/layers/spec.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::layers {

namespace {

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
        unsupported("a slice " + shownArgument(slice), "slices between numbers");
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
        unsupported("an index " + shownArgument(item), "numbers and slices between numbers");
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

}

void inBrackets(Arguments& arguments)
{
    const Json told = arguments.required("slices");
    const Slices slices = slicesOf(told.is_array() ? told : Json::array({told}));
    const Json input = arguments.required("input");
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

}
