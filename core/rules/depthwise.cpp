// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/depthwise.h"

#include "core/base/error.h"
#include "core/rules/rules.h"

#include <fmt/format.h>
#include <numeric>

namespace core::rules {

namespace {

/// The one tensor, whose shape and the twin's are those of one kernel.
const Tensor& depthwiseKernel(const Application& what, const Shape& joined, const Shape& apart)
{
    const bool isOne = what.tensors.size() == 1 && what.from.size() == 1 && what.to.size() == 1;
    const std::size_t rank = apart.size();
    if (isOne && rank > 2 && joined.size() == rank && joined[1] == 1 && joined[0] == apart[rank - 2] * apart[rank - 1] &&
        std::equal(joined.begin() + 2, joined.end(), apart.begin()))
        return what.tensors[0];
    throw Error("rule-shape")
        .expected("the kernel of a depthwise convolution on both sides")
        .found(fmt::format("{} and {}", text(joined), text(apart)))
        .at(what.id);
}

Shape shapeOf(const std::vector<const Parameter*>& parameters)
{
    return parameters.empty() ? Shape() : parameters[0]->source.shape;
}

}

std::vector<Tensor> channelsApart(const Application& what)
{
    const Shape apart = shapeOf(what.to);
    const Tensor& kernel = depthwiseKernel(what, shapeOf(what.from), apart);
    const auto rank = static_cast<int>(apart.size());
    Shape split{apart[apart.size() - 2], apart[apart.size() - 1]};
    split.insert(split.end(), apart.begin(), apart.end() - 2);
    std::vector<int> order(apart.size());
    std::iota(order.begin(), order.end(), 2); // the window's dimensions first
    order[static_cast<std::size_t>(rank) - 2] = 0;
    order[static_cast<std::size_t>(rank) - 1] = 1;
    const Parameter& target = *what.to[0];
    return {cast(kernel.reshaped(split, {}).transposed(order).reshaped(apart, target.axes), target.source.dtype)};
}

std::vector<Tensor> channelsJoined(const Application& what)
{
    const Shape apart = shapeOf(what.from);
    const Tensor& kernel = depthwiseKernel(what, shapeOf(what.to), apart);
    const auto rank = static_cast<int>(apart.size());
    std::vector<int> order{rank - 2, rank - 1};
    for (int d = 0; d < rank - 2; ++d)
        order.push_back(d);
    const Parameter& target = *what.to[0];
    return {cast(kernel.reshaped(apart, {}).transposed(order).reshaped(target.source.shape, target.axes), target.source.dtype)};
}

}
