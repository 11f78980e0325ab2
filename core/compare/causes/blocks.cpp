// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks that lie one behind the other along an axis: the gates of a recurrent layer, the heads of an attention and its projections.
#include "core/compare/causes/hypotheses.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace core::compare {

namespace {

constexpr std::int64_t mostBlocks = 5; ///< 119 orders

struct Blocks
{
    std::size_t axis = 0;
    std::int64_t count = 1;
    const char *id = "", *what = "";
};

/// How many units the layer of a parameter has, as its recurrent kernel tells.
std::int64_t unitsOf(const Weights& weights, const Subject& subject)
{
    for (const Weights& others : subject.weights)
        for (const Parameter* parameter : others.right)
            if (parameter->layer == weights.right.front()->layer && axisNamed(parameter->axes, "g") >= 0)
                if (const int units = axisNamed(parameter->axes, "o"); units >= 0)
                    return parameter->source.shape[static_cast<std::size_t>(units)];
    return 0;
}

std::vector<Blocks> blocksOf(const Parameter& parameter, const Tensor& own, std::int64_t units)
{
    std::vector<Blocks> result;
    for (std::size_t axis = 0; axis < parameter.axes.size(); ++axis) {
        const std::string& name = parameter.axes[axis].name;
        const std::int64_t size = own.shape()[axis];
        if (name == "g" && units > 0 && size % units == 0)
            result.push_back({axis, size / units, "gate-order", "gates"});
        if (name == "h" && axisNamed(parameter.axes, "d") >= 0 && axisNamed(parameter.axes, "w") < 0)
            result.push_back({axis, size, "heads-order", "heads"});
        if (name == "r" && size == 2)
            result.push_back({axis, 2, "biases-swapped", "biases of input and state"});
    }
    return result;
}

}

std::vector<Variant> blockVariants(const Weights& weights, const Subject& subject)
{
    std::vector<Variant> result;
    const std::int64_t units = unitsOf(weights, subject);
    for (std::size_t i = 0; i < weights.right.size(); ++i)
        for (const Blocks& blocks : blocksOf(*weights.right[i], weights.own[i], units)) {
            if (blocks.count < 2 || blocks.count > mostBlocks)
                continue;
            for (const auto& order : otherOrders(blocks.count)) {
                std::vector<std::int64_t> places; // of people, counted from 1
                for (const std::int64_t block : order)
                    places.push_back(block + 1);
                result.push_back(
                    {blocks.id,
                     fmt::format("{} in another order (wanted: {} of those that are there)", blocks.what, fmt::join(places, ", ")),
                     {{weights.right[i]->name,
                       inOrder(weights.own[i], blocks.axis, blockOrder(weights.own[i].shape()[blocks.axis], order))}}});
            }
        }
    return result;
}

}
