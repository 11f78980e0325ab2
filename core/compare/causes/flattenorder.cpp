// SPDX-License-Identifier: GPL-3.0-or-later
// Features behind a Flatten in another order of the image's axes.
#include "core/compare/causes/hypotheses.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace core::compare {

namespace {

std::string partsText(const Axis& axis)
{
    std::string result;
    for (const Axis::Part& part : axis.parts)
        result += (result.empty() ? "" : ",") + part.name;
    return result;
}

/// The axis flattened in every other order of its parts that tells elements apart.
std::vector<Axis> otherwiseFlattened(const Axis& axis)
{
    std::vector<Axis> result;
    for (const auto& order : otherOrders(static_cast<std::int64_t>(axis.parts.size()))) {
        Axis other = axis;
        for (std::size_t i = 0; i < order.size(); ++i)
            other.parts[i] = axis.parts[static_cast<std::size_t>(order[i])];
        result.push_back(std::move(other));
    }
    return result;
}

}

std::vector<Variant> flattenVariants(const Weights& weights, const Subject&)
{
    constexpr std::size_t most = 4; // depth, height, width, channels
    std::vector<Variant> result;
    for (std::size_t i = 0; i < weights.right.size(); ++i) {
        const Parameter& parameter = *weights.right[i];
        const Tensor& own = weights.own[i];
        for (std::size_t axis = 0; axis < parameter.axes.size(); ++axis) {
            const Axis& flat = parameter.axes[axis];
            if (flat.order() != Order::Known || flat.parts.size() < 2 || flat.parts.size() > most)
                continue;
            for (const Axis& other : otherwiseFlattened(flat)) {
                const auto order = elementOrder(other, flat, own.shape()[axis]);
                if (!order || std::is_sorted(order->begin(), order->end()))
                    continue;
                result.push_back({"flatten-order",
                                  fmt::format("flattened features in the order {} where {} is taken", partsText(other), partsText(flat)),
                                  {{parameter.name, inOrder(own, axis, *order)}}});
            }
        }
    }
    return result;
}

}
