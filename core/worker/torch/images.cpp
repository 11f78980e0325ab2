// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/torch/forwards.h"

#include "core/base/error.h"
#include "core/worker/torch/window.h"

namespace core::worker::torch {

namespace {

/// Of a size and factors LibTorch wants one: by a factor its steps are the factor's own, by a size those of the sizes.
struct Wanted
{
    at::OptionalIntArrayRef sizes;
    c10::optional<c10::ArrayRef<double>> factors;
};

at::Tensor interpolated(const std::string& mode, const at::Tensor& x, const Wanted& to, bool align)
{
    const std::size_t rank = rankOf(x);
    if (mode == "nearest")
        return rank == 1   ? at::upsample_nearest1d(x, to.sizes, to.factors)
               : rank == 2 ? at::upsample_nearest2d(x, to.sizes, to.factors)
                           : at::upsample_nearest3d(x, to.sizes, to.factors);
    if (mode == "nearest-exact")
        return rank == 1   ? at::_upsample_nearest_exact1d(x, to.sizes, to.factors)
               : rank == 2 ? at::_upsample_nearest_exact2d(x, to.sizes, to.factors)
                           : at::_upsample_nearest_exact3d(x, to.sizes, to.factors);
    if (mode == "linear")
        return rank == 1   ? at::upsample_linear1d(x, to.sizes, align, to.factors)
               : rank == 2 ? at::upsample_bilinear2d(x, to.sizes, align, to.factors)
                           : at::upsample_trilinear3d(x, to.sizes, align, to.factors);
    if (mode == "cubic" && rank == 2)
        return at::upsample_bicubic2d(x, to.sizes, align, to.factors);
    throw Error("operation-attribute").expected("a mode of interpolation").found(printable(mode));
}

at::Tensor evenlyAveraged(const at::Tensor& x, const Ints& sizes)
{
    const std::size_t rank = rankOf(x);
    return rank == 1   ? at::adaptive_avg_pool1d(x, sizes)
           : rank == 2 ? at::adaptive_avg_pool2d(x, sizes)
                       : at::adaptive_avg_pool3d(x, sizes);
}

at::Tensor resize(const Operation& op, const at::Tensor& x)
{
    const std::size_t rank = rankOf(x);
    const auto mode = op.attributes.string("mode");
    const bool align = op.attributes.boolean("align", false);
    auto factors = op.attributes.reals("factors", Reals{});
    if (factors.size() == 1)
        factors.resize(rank, factors.front());
    if (!factors.empty() && mode != "area" && !op.attributes.boolean("by_sizes", false))
        return interpolated(mode, x, {c10::nullopt, factors}, align);
    auto sizes = op.attributes.integers("sizes", Ints{});
    if (sizes.size() == 1)
        sizes.resize(rank, sizes.front());
    for (std::size_t d = 0; d < factors.size() && d < rank; ++d)
        sizes.push_back(static_cast<std::int64_t>(static_cast<double>(x.size(static_cast<std::int64_t>(d) + 2)) * factors[d]));
    return mode == "area" ? evenlyAveraged(x, sizes) : interpolated(mode, x, {sizes, c10::nullopt}, align);
}

constexpr Forward table[] = {
    {"resize", one<resize>},
};

}

std::span<const Forward> imageForwards()
{
    return table;
}

}
