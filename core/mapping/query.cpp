// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/mapping.h"

#include <algorithm>

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

std::vector<std::string> unmappedLayers(const Mapping& mapping, const Model& model, bool onLeft)
{
    std::vector<std::string> linkedOps;
    for (const Link& link : mapping.links) {
        const std::vector<std::string>& ops = onLeft ? link.left : link.right;
        linkedOps.insert(linkedOps.end(), ops.begin(), ops.end());
    }
    const std::vector<std::string> mapped = layerNames(model, linkedOps);
    std::vector<std::string> result;
    for (const Layer& layer : model.layers) {
        const std::vector<int> ops = model.opsOf(layer.name);
        const bool empty = ops.empty() && layer.parameters.empty();
        if (!empty && !isInput(model, ops) && std::find(mapped.begin(), mapped.end(), layer.name) == mapped.end())
            result.push_back(layer.name);
    }
    return result;
}

}
