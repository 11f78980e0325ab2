// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/mapping.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unordered_set>

namespace core::mapping {

namespace {

/// The layer of an op name; a name that dangles is taken as a layer's, without the inner part.
std::string layerOf(const Model& model, const std::string& opName)
{
    const int index = model.opIndex(opName);
    return index >= 0 ? model.ops[static_cast<std::size_t>(index)].layer : opName.substr(0, opName.find(':'));
}

bool isInput(const Model& model, const std::vector<int>& ops)
{
    return !ops.empty() &&
           std::all_of(ops.begin(), ops.end(), [&](int op) { return model.ops[static_cast<std::size_t>(op)].kind == "input"; });
}

}

std::vector<std::string> layerNames(const Model& model, const std::vector<std::string>& opNames)
{
    std::vector<std::string> result;
    for (const std::string& opName : opNames) {
        std::string layer = layerOf(model, opName);
        if (!layer.empty() && std::find(result.begin(), result.end(), layer) == result.end())
            result.push_back(std::move(layer));
    }
    return result;
}

const Link* linkOfLayer(const Mapping& mapping, const Model& model, std::string_view layer, bool onLeft)
{
    const auto holds = [&](const Link& link) {
        const std::vector<std::string>& ops = onLeft ? link.left : link.right;
        return std::any_of(ops.begin(), ops.end(), [&](const std::string& op) { return layerOf(model, op) == layer; });
    };
    const auto found = std::find_if(mapping.links.begin(), mapping.links.end(), holds);
    return found == mapping.links.end() ? nullptr : &*found;
}

const Ambiguity* ambiguityOf(const Mapping& mapping, const Model& model, std::string_view layer, bool onLeft)
{
    const auto holds = [&](const Ambiguity& ambiguity) {
        const std::vector<std::string>& ops = onLeft ? ambiguity.left : ambiguity.right;
        return std::any_of(ops.begin(), ops.end(), [&](const std::string& op) { return layerOf(model, op) == layer; });
    };
    const auto found = std::find_if(mapping.ambiguous.begin(), mapping.ambiguous.end(), holds);
    return found == mapping.ambiguous.end() ? nullptr : &*found;
}

std::string ambiguityText(const Mapping& mapping, const Model& left, const Model& right, std::string_view layer, bool onLeft)
{
    constexpr std::size_t most = 6;
    const Ambiguity* ambiguity = ambiguityOf(mapping, onLeft ? left : right, layer, onLeft);
    if (!ambiguity)
        return {};
    std::vector<std::string> mates = onLeft ? layerNames(right, ambiguity->right) : layerNames(left, ambiguity->left);
    std::transform(mates.begin(), mates.end(), mates.begin(), [](const std::string& name) { return printable(name); });
    if (mates.size() == 1)
        return fmt::format("{} and others fit {} equally well", printable(layer), mates.front());
    const std::string rest = mates.size() > most ? fmt::format(" and {} more", mates.size() - most) : "";
    mates.resize(std::min(mates.size(), most));
    return fmt::format("{} fits several layers equally well: {}{}", printable(layer), fmt::join(mates, ", "), rest);
}

std::vector<std::string> unmappedLayers(const Mapping& mapping, const Model& model, bool onLeft)
{
    std::vector<std::string> linkedOps;
    for (const Link& link : mapping.links) {
        const std::vector<std::string>& ops = onLeft ? link.left : link.right;
        linkedOps.insert(linkedOps.end(), ops.begin(), ops.end());
    }
    std::unordered_set<std::string> mapped;
    for (const std::string& op : linkedOps)
        mapped.insert(layerOf(model, op));
    std::vector<std::string> result;
    for (const Layer& layer : model.layers) {
        const std::vector<int> ops = model.opsOf(layer.name);
        const bool empty = ops.empty() && layer.parameters.empty();
        if (!empty && !isInput(model, ops) && !mapped.contains(layer.name))
            result.push_back(layer.name);
    }
    return result;
}

}
