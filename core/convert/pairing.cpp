// SPDX-License-Identifier: GPL-3.0-or-later
// What a pairing rests on.
#include "core/convert/proofsteps.h"

#include <algorithm>
#include <set>

namespace core::convert {

namespace {

using mapping::Link;

/// A name as both frameworks may spell it: "features.0" is "features_0".
std::string plainName(std::string_view name)
{
    std::string result;
    for (const char letter : name) {
        const bool isUpper = letter >= 'A' && letter <= 'Z';
        const bool isWord = isUpper || (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
        result += isUpper ? static_cast<char>(letter - 'A' + 'a') : isWord ? letter : '_';
    }
    return result;
}

/// What tells an op with weights apart by shape: the sizes of its widest parameter, by their axes where those are known.
std::string shapeOf(const Model& model, const Op& op)
{
    const Parameter* widest = nullptr;
    for (const auto& [role, name] : op.parameters)
        if (const Parameter* parameter = model.parameter(name))
            if (!widest || parameter->source.shape.size() > widest->source.shape.size())
                widest = parameter;
    if (!widest)
        return {};
    const Shape& shape = widest->source.shape;
    std::vector<std::string> sizes;
    for (std::size_t i = 0; i < shape.size(); ++i)
        sizes.push_back((widest->axes.size() == shape.size() ? widest->axes[i].name : std::string()) + std::to_string(shape[i]));
    std::sort(sizes.begin(), sizes.end());
    std::string result;
    for (const std::string& size : sizes)
        result += size + " ";
    return result;
}

/// Names of the ops whose shape no other op of the model has.
std::set<std::string> uniqueByShape(const Model& model)
{
    std::map<std::string, std::vector<std::string>> ops;
    for (const Op& op : model.ops)
        if (const std::string shape = shapeOf(model, op); !shape.empty())
            ops[shape].push_back(op.name);
    std::set<std::string> result;
    for (const auto& [shape, names] : ops)
        if (names.size() == 1)
            result.insert(names.front());
    return result;
}

bool isVaried(const Tensor& tensor)
{
    const auto bytes = tensor.bytes();
    const std::size_t item = itemSize(tensor.dtype());
    for (std::size_t at = item; item > 0 && at + item <= bytes.size(); at += item)
        if (!std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(item), bytes.begin() + static_cast<std::ptrdiff_t>(at)))
            return true;
    return false;
}

/// Values that are equal on both sides already, and not all the same ones.
bool restsOnValues(const Link& link, const Model& left)
{
    return std::any_of(link.parameters.begin(), link.parameters.end(), [&](const mapping::ParameterLink& parameters) {
        const Parameter* parameter = parameters.left.size() == 1 ? left.parameter(parameters.left.front()) : nullptr;
        return parameter && parameters.equal == std::optional(true) && isVaried(read(parameter->source));
    });
}

bool restsOnNames(const Link& link, const Model& left, const Model& right)
{
    const auto leftLayers = mapping::layerNames(left, link.left), rightLayers = mapping::layerNames(right, link.right);
    return std::any_of(leftLayers.begin(), leftLayers.end(), [&](const std::string& a) {
        return std::any_of(rightLayers.begin(), rightLayers.end(), [&](const std::string& b) { return plainName(a) == plainName(b); });
    });
}

bool containsAny(const std::set<std::string>& unique, const std::vector<std::string>& ops)
{
    return std::any_of(ops.begin(), ops.end(), [&](const std::string& op) { return unique.contains(op); });
}

}

std::vector<std::string> pairedByOrder(const Plan& plan)
{
    const Model& left = plan.sourceOnLeft ? *plan.source : *plan.twin;
    const Model& right = plan.sourceOnLeft ? *plan.twin : *plan.source;
    const std::set<std::string> uniqueLeft = uniqueByShape(left), uniqueRight = uniqueByShape(right);
    std::vector<std::string> result;
    for (const Link& link : plan.mapping.links) {
        const bool isSure = link.parameters.empty() || link.origin == mapping::LinkOrigin::Manual ||
                            (containsAny(uniqueLeft, link.left) && containsAny(uniqueRight, link.right)) ||
                            restsOnNames(link, left, right) || restsOnValues(link, left);
        if (isSure)
            continue;
        for (std::string& layer : mapping::layerNames(*plan.twin, plan.sourceOnLeft ? link.right : link.left))
            result.push_back(std::move(layer));
    }
    return result;
}

}
