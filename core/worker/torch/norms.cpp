// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/torch/forwards.h"

#include "core/base/held.h"

#include <algorithm>

namespace core::worker::torch {

namespace {

at::Tensor batchNorm(const Operation& op, const at::Tensor& x)
{
    const auto axis = op.attributes.integer("axis", 1);
    const auto moved = axis == 1 ? x : x.transpose(1, axis);
    const auto result =
        at::batch_norm(moved, given(optionalParameter(op, "gamma")), given(optionalParameter(op, "beta")), given(parameter(op, "mean")),
                       given(parameter(op, "variance")), false, 0.0, op.attributes.real("epsilon"), false);
    return axis == 1 ? result : result.transpose(1, axis);
}

/// Over the last dimensions, as PyTorch's module does; the others change places with them for as long.
at::Tensor layerNorm(const Operation& op, const at::Tensor& x)
{
    std::vector<std::int64_t> axes = op.attributes.integers("axes"), order, back(static_cast<std::size_t>(x.dim()));
    for (auto& axis : axes)
        axis = axis < 0 ? axis + x.dim() : axis;
    for (std::int64_t d = 0; d < x.dim(); ++d)
        if (std::find(axes.begin(), axes.end(), d) == axes.end())
            order.push_back(d);
    order.insert(order.end(), axes.begin(), axes.end());
    for (std::size_t d = 0; d < order.size(); ++d)
        heldAt(back, static_cast<std::size_t>(order[d])) = static_cast<std::int64_t>(d);
    const auto moved = x.permute(order);
    const auto sizes = moved.sizes().slice(order.size() - axes.size());
    return at::layer_norm(moved, sizes, given(optionalParameter(op, "gamma")), given(optionalParameter(op, "beta")),
                          op.attributes.real("epsilon"), false)
        .permute(back)
        .contiguous();
}

std::int64_t axisOf(const Operation& op, const at::Tensor& x)
{
    const auto axis = op.attributes.integer("axis", -1);
    return axis < 0 ? axis + x.dim() : axis;
}

/// `values` beside the dimension `axis`, to be multiplied with what has `rank` dimensions.
at::Tensor alongside(const at::Tensor& values, std::int64_t axis, std::int64_t rank)
{
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(rank), 1);
    heldAt(sizes, static_cast<std::size_t>(axis)) = -1;
    return values.reshape(sizes);
}

at::Tensor groupNorm(const Operation& op, const at::Tensor& x)
{
    const auto axis = axisOf(op, x), told = op.attributes.integer("groups");
    const auto moved = at::movedim(x, axis, 1).contiguous();
    const auto result = at::group_norm(moved, told == 0 ? moved.size(1) : told, given(optionalParameter(op, "gamma")),
                                       given(optionalParameter(op, "beta")), op.attributes.real("epsilon"), false);
    return at::movedim(result, 1, axis);
}

at::Tensor rmsNorm(const Operation& op, const at::Tensor& x)
{
    const auto axis = axisOf(op, x);
    const auto result = x * at::rsqrt(at::mean(x * x, at::IntArrayRef(axis), true) + op.attributes.real("epsilon"));
    const auto gamma = optionalParameter(op, "gamma");
    return gamma.defined() ? result * alongside(gamma, axis, x.dim()) : result;
}

at::Tensor unitNorm(const Operation& op, const at::Tensor& x)
{
    const auto axis = axisOf(op, x);
    return x / at::clamp_min(at::sqrt(at::sum(x * x, at::IntArrayRef(axis), true)), op.attributes.real("floor"));
}

at::Tensor normalization(const Operation& op, const at::Tensor& x)
{
    if (op.attributes.has("mean") || op.attributes.boolean("invert", false))
        throw core::Error("operation-setting").expected("statistics in parameters").found("others");
    const auto axis = axisOf(op, x);
    const auto mean = alongside(parameter(op, "mean"), axis, x.dim()), variance = alongside(parameter(op, "variance"), axis, x.dim());
    return (x - mean) / at::clamp_min(at::sqrt(variance), 1e-7);
}

constexpr Forward table[] = {
    {"groupnorm", one<groupNorm>},         {"rmsnorm", one<rmsNorm>},     {"unitnorm", one<unitNorm>},
    {"normalization", one<normalization>}, {"batchnorm", one<batchNorm>}, {"layernorm", one<layerNorm>},
};

}

std::span<const Forward> normForwards()
{
    return table;
}

}
