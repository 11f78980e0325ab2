// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/config/entries.h"

#include <algorithm>

namespace core::formats {

namespace {

constexpr std::size_t entryLimit = 500, valueLimit = 400;
constexpr int depthLimit = 6;

bool isFlat(const Json& json)
{
    return !json.is_object() || json.empty();
}

void add(Model& model, const std::string& name, const Json& json, std::size_t& room, int depth)
{
    if (room == 0)
        return;
    if (isFlat(json) || depth == depthLimit) {
        const auto text = json.is_string() ? json.get<std::string>() : dumpJson(json, -1);
        model.entries.push_back({printable(name), printable(text, valueLimit)});
        --room;
        return;
    }
    for (const auto& [key, value] : json.items())
        add(model, name + (name.empty() ? "" : ".") + key, value, room, depth + 1);
}

}

void addJsonEntries(Model& model, const std::string& name, const Json& json)
{
    std::size_t room = entryLimit;
    add(model, name, json, room, 0);
}

void addTextEntries(Model& model, const std::string& name, const std::string& text)
{
    try {
        addJsonEntries(model, name, parseJson(text, name));
    } catch (const Error&) {
        model.entries.push_back({name, printable(text, valueLimit)});
    }
}

void addDatasetEntry(Model& model, const std::string& name, const H5Dataset& dataset)
{
    model.entries.push_back({printable(name), std::string(core::name(dataset.source.dtype)) + " " + text(dataset.source.shape)});
}

}
