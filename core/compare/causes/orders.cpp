// SPDX-License-Identifier: GPL-3.0-or-later
// Elements in other orders.
#include "core/compare/causes/hypotheses.h"

#include <algorithm>
#include <numeric>

namespace core::compare {

int axisNamed(const Axes& axes, std::string_view name)
{
    const auto found = std::find_if(axes.begin(), axes.end(), [&](const Axis& axis) { return axis.name == name; });
    return found == axes.end() ? -1 : static_cast<int>(found - axes.begin());
}

Tensor inOrder(const Tensor& tensor, std::size_t axis, const std::vector<std::int64_t>& order)
{
    const auto middle = tensor.shape().begin() + static_cast<std::ptrdiff_t>(axis);
    const auto outer = static_cast<std::size_t>(elementCount(Shape(tensor.shape().begin(), middle)));
    const auto inner = static_cast<std::size_t>(elementCount(Shape(middle + 1, tensor.shape().end()))) * itemSize(tensor.dtype());
    const auto given = tensor.bytes();
    auto moved = std::make_shared<std::vector<std::byte>>();
    moved->reserve(given.size());
    for (std::size_t o = 0; o < outer; ++o)
        for (const std::int64_t place : order) {
            const auto piece = given.subspan((o * order.size() + static_cast<std::size_t>(place)) * inner, inner);
            moved->insert(moved->end(), piece.begin(), piece.end());
        }
    return {tensor.dtype(), tensor.shape(), std::move(moved), tensor.axes()};
}

std::vector<std::int64_t> blockOrder(std::int64_t size, const std::vector<std::int64_t>& blocks)
{
    const std::int64_t length = size / static_cast<std::int64_t>(blocks.size());
    std::vector<std::int64_t> order;
    for (const std::int64_t block : blocks)
        for (std::int64_t i = 0; i < length; ++i)
            order.push_back(block * length + i);
    return order;
}

std::vector<std::vector<std::int64_t>> otherOrders(std::int64_t count)
{
    std::vector<std::int64_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    std::vector<std::vector<std::int64_t>> result;
    while (std::next_permutation(order.begin(), order.end()))
        result.push_back(order);
    return result;
}

}
