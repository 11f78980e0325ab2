// SPDX-License-Identifier: GPL-3.0-or-later
// A kernel's positions: height and width swapped, turned by 180 degrees (a convolution for a correlation), mirrored.
#include "core/compare/causes/hypotheses.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace core::compare {

namespace {

struct Positions
{
    std::vector<std::size_t> axes;
    std::vector<std::string> names;
};

std::string longName(std::string_view letter)
{
    return letter == "h" ? "height" : letter == "w" ? "width" : "depth";
}

/// The dimensions of a window; none where an "h" counts heads.
Positions positionsOf(const Parameter& parameter)
{
    Positions result;
    if (axisNamed(parameter.axes, "w") < 0)
        return result;
    for (const char* letter : {"d", "h", "w"})
        if (const int axis = axisNamed(parameter.axes, letter); axis >= 0) {
            result.axes.push_back(static_cast<std::size_t>(axis));
            result.names.push_back(longName(letter));
        }
    return result;
}

Tensor reversed(const Tensor& tensor, std::size_t axis)
{
    std::vector<std::int64_t> order(static_cast<std::size_t>(tensor.shape()[axis]));
    std::iota(order.rbegin(), order.rend(), 0);
    return inOrder(tensor, axis, order);
}

void addSwapped(std::vector<Variant>& result, const Parameter& parameter, const Tensor& own, const Positions& positions)
{
    for (std::size_t i = 0; i < positions.axes.size(); ++i)
        for (std::size_t j = i + 1; j < positions.axes.size(); ++j) {
            if (own.shape()[positions.axes[i]] != own.shape()[positions.axes[j]])
                continue;
            std::vector<int> permutation(own.shape().size());
            std::iota(permutation.begin(), permutation.end(), 0);
            std::swap(permutation[positions.axes[i]], permutation[positions.axes[j]]);
            result.push_back({"kernel-spatial-transpose",
                              fmt::format("kernel {} and {} swapped", positions.names[i], positions.names[j]),
                              {{parameter.name, own.transposed(permutation)}}});
        }
}

}

std::vector<Variant> spatialVariants(const Weights& weights, const Subject&)
{
    std::vector<Variant> result;
    for (std::size_t i = 0; i < weights.right.size(); ++i) {
        const Parameter& parameter = *weights.right[i];
        const Tensor& own = weights.own[i];
        const Positions positions = positionsOf(parameter);
        if (positions.axes.empty())
            continue;
        addSwapped(result, parameter, own, positions);
        Tensor turned = own;
        for (const std::size_t axis : positions.axes)
            turned = reversed(turned, axis);
        result.push_back({"kernel-flip-180",
                          positions.axes.size() == 1 ? "kernel reversed (a convolution for a cross-correlation)"
                                                     : "kernel turned by 180 degrees (a convolution for a cross-correlation)",
                          {{parameter.name, turned}}});
        for (std::size_t axis = 0; positions.axes.size() > 1 && axis < positions.axes.size(); ++axis)
            result.push_back({"kernel-mirrored",
                              fmt::format("kernel mirrored along its {}", positions.names[axis]),
                              {{parameter.name, reversed(own, positions.axes[axis])}}});
    }
    return result;
}

}
