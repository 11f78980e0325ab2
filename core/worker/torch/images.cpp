// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/torch/forwards.h"

#include "core/base/error.h"
#include "core/base/held.h"
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

at::Tensor pad(const Operation& op, const at::Tensor& x)
{
    const auto pads = op.attributes.integers("pads");
    Ints before, after;
    for (std::size_t d = 0; d + 1 < pads.size(); d += 2) {
        before.push_back(pads[d]);
        after.push_back(pads[d + 1]);
    }
    if (op.attributes.has("padding_mode"))
        return continued(x, before, after, op.attributes.string("padding_mode"));
    return padded(x, before, after, op.attributes.real("value", 0.0));
}

at::Tensor adaptiveAveragePool(const Operation& op, const at::Tensor& x)
{
    return evenlyAveraged(x, op.attributes.integers("output", rankOf(x)));
}

at::Tensor adaptiveMaxPool(const Operation& op, const at::Tensor& x)
{
    const auto sizes = op.attributes.integers("output", rankOf(x));
    const std::size_t rank = rankOf(x);
    return std::get<0>(rank == 1   ? at::adaptive_max_pool1d(x, sizes)
                       : rank == 2 ? at::adaptive_max_pool2d(x, sizes)
                                   : at::adaptive_max_pool3d(x, sizes));
}

/// As torch.nn.functional.lp_pool2d has it: averages of powers, times the window's size.
at::Tensor powerPool(const Operation& op, const at::Tensor& x)
{
    const auto window = windowOf(op.attributes, x);
    const double norm = op.attributes.real("norm");
    const bool ceil = op.attributes.boolean("ceil", false);
    const auto powers = x.pow(norm);
    const auto averages = window.kernel.size() == 1   ? at::avg_pool1d(powers, window.kernel, window.stride, 0, ceil)
                          : window.kernel.size() == 2 ? at::avg_pool2d(powers, window.kernel, window.stride, 0, ceil)
                                                      : at::avg_pool3d(powers, window.kernel, window.stride, 0, ceil);
    double count = 1;
    for (const auto size : window.kernel)
        count *= static_cast<double>(size);
    return (averages.sign() * averages.abs().relu()).mul(count).pow(1 / norm);
}

at::Tensor pixelShuffle(const Operation& op, const at::Tensor& x)
{
    const auto factor = op.attributes.integer("factor");
    if (!op.attributes.boolean("blocks_first", false))
        return at::pixel_shuffle(x, factor);
    const auto made = x.size(1) / (factor * factor);
    return x.reshape({x.size(0), factor, factor, made, x.size(2), x.size(3)})
        .permute({0, 3, 4, 1, 5, 2})
        .reshape({x.size(0), made, x.size(2) * factor, x.size(3) * factor});
}

at::Tensor pixelUnshuffle(const Operation& op, const at::Tensor& x)
{
    const auto factor = op.attributes.integer("factor");
    if (!op.attributes.boolean("blocks_first", false))
        return at::pixel_unshuffle(x, factor);
    const auto height = x.size(2) / factor, width = x.size(3) / factor;
    return x.reshape({x.size(0), x.size(1), height, factor, width, factor})
        .permute({0, 3, 5, 1, 2, 4})
        .reshape({x.size(0), x.size(1) * factor * factor, height, width});
}

at::Tensor channelShuffle(const Operation& op, const at::Tensor& x)
{
    const auto groups = op.attributes.integer("groups");
    const auto flat = x.reshape({x.size(0), groups, x.size(1) / groups, -1});
    return flat.transpose(1, 2).reshape(x.sizes());
}

at::Tensor centerCrop(const Operation& op, const at::Tensor& x)
{
    const auto output = op.attributes.integers("output", 2);
    auto result = x;
    for (std::int64_t d = 0; d < 2; ++d) {
        const auto size = heldAt(output, static_cast<std::size_t>(d));
        result = result.narrow(d + 2, (x.size(d + 2) - size) / 2, size);
    }
    return result.contiguous();
}

constexpr Forward table[] = {
    {"adaptiveavgpool1d", one<adaptiveAveragePool>},
    {"adaptiveavgpool2d", one<adaptiveAveragePool>},
    {"adaptiveavgpool3d", one<adaptiveAveragePool>},
    {"adaptivemaxpool1d", one<adaptiveMaxPool>},
    {"adaptivemaxpool2d", one<adaptiveMaxPool>},
    {"adaptivemaxpool3d", one<adaptiveMaxPool>},
    {"lppool1d", one<powerPool>},
    {"lppool2d", one<powerPool>},
    {"lppool3d", one<powerPool>},
    {"pixelshuffle", one<pixelShuffle>},
    {"pixelunshuffle", one<pixelUnshuffle>},
    {"channelshuffle", one<channelShuffle>},
    {"centercrop", one<centerCrop>},
    {"resize", one<resize>},
    {"zeropad1d", one<pad>},
    {"zeropad2d", one<pad>},
    {"zeropad3d", one<pad>},
};

}

std::span<const Forward> imageForwards()
{
    return table;
}

}
