// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/torch/forwards.h"

#include "core/worker/torch/window.h"

#include <limits>

namespace core::worker::torch {

namespace {

/// One function of LibTorch for each number of dimensions.
template <typename Of1, typename Of2, typename Of3>
at::Tensor byRank(const at::Tensor& x, Of1 of1, Of2 of2, Of3 of3)
{
    const std::size_t rank = rankOf(x);
    return rank == 1 ? of1() : rank == 2 ? of2() : of3();
}

at::Tensor convolution(const Operation& op, const at::Tensor& input)
{
    const auto kernel = parameter(op, "kernel");
    const auto bias = given(optionalParameter(op, "bias"));
    auto window = windowOf(op.attributes, input);
    const auto groups = op.attributes.has("multiplier") ? input.size(1) : op.attributes.integer("groups", 1);
    std::int64_t positions = input.numel() / std::max<std::int64_t>(input.size(1), 1);
    for (const std::int64_t stride : window.stride)
        positions /= stride;
    at::globalContext().setUserEnabledMkldnn(positions * kernel.numel() > oneDnnBorder);
    at::Tensor x = input;
    if (const auto mode = op.attributes.string("padding_mode", "zeros"); mode != "zeros")
        x = continued(input, window.before, window.after, mode);
    else if (window.before != window.after)
        x = padded(input, window.before, window.after, 0);
    const Ints pads = x.is_same(input) ? window.before : Ints(window.kernel.size(), 0);
    return byRank(
        x, [&] { return at::conv1d(x, kernel, bias, window.stride, pads, window.dilation, groups); },
        [&] { return at::conv2d(x, kernel, bias, window.stride, pads, window.dilation, groups); },
        [&] { return at::conv3d(x, kernel, bias, window.stride, pads, window.dilation, groups); });
}

/// The whole result, of which a part is cut off or behind which zeros stand; LibTorch's own padding is the same on both sides.
at::Tensor transposedConvolution(const Operation& op, const at::Tensor& x)
{
    const auto kernel = parameter(op, "kernel");
    const auto bias = optionalParameter(op, "bias");
    const std::size_t rank = rankOf(x);
    const Ints ones(rank, 1), none(rank, 0);
    const auto size = op.attributes.integers("kernel", rank), stride = op.attributes.integers("stride", rank, ones);
    const auto dilation = op.attributes.integers("dilation", rank, ones);
    const auto groups = op.attributes.integer("groups", 1);
    auto result = byRank(
        x, [&] { return at::conv_transpose1d(x, kernel, {}, stride, none, none, groups, dilation); },
        [&] { return at::conv_transpose2d(x, kernel, {}, stride, none, none, groups, dilation); },
        [&] { return at::conv_transpose3d(x, kernel, {}, stride, none, none, groups, dilation); });
    for (std::size_t d = 0; d < rank; ++d) {
        const auto dimension = static_cast<std::int64_t>(d) + 2;
        const auto [first, length] = transposedPart(op.attributes, d, rank, x.size(dimension));
        const std::int64_t missing = first + length - result.size(dimension);
        if (missing > 0) {
            auto zeros = result.sizes().vec();
            zeros[d + 2] = missing;
            result = at::cat({result, at::zeros(zeros)}, dimension);
        }
        result = result.narrow(dimension, first, length);
    }
    if (!bias.defined())
        return result;
    Ints along(rank + 2, 1);
    along[1] = bias.numel();
    return result + bias.reshape(along);
}

/// Sums over a window divided by `divisor`, or averages.
at::Tensor averages(const at::Tensor& x, const Window& window, const Ints& pads, bool ceil, bool countPad,
                    c10::optional<std::int64_t> divisor)
{
    const auto flat = [&] {
        if (!divisor)
            return at::avg_pool1d(x, window.kernel, window.stride, pads, ceil, countPad);
        return at::avg_pool2d(x.unsqueeze(2), {1, window.kernel[0]}, {1, window.stride[0]}, {0, pads[0]}, ceil, countPad, divisor)
            .squeeze(2);
    };
    return byRank(
        x, flat, [&] { return at::avg_pool2d(x, window.kernel, window.stride, pads, ceil, countPad, divisor); },
        [&] { return at::avg_pool3d(x, window.kernel, window.stride, pads, ceil, countPad, divisor); });
}

at::Tensor averagePool(const Operation& op, const at::Tensor& x)
{
    const auto window = windowOf(op.attributes, x);
    const bool ceil = op.attributes.boolean("ceil", false);
    const bool countPad = op.attributes.boolean("count_pad", true);
    c10::optional<std::int64_t> divisor;
    if (op.attributes.has("divisor"))
        divisor = op.attributes.integer("divisor");
    if (window.poolsDirectly())
        return averages(x, window, window.before, ceil, countPad, divisor);
    const Ints none(window.kernel.size(), 0);
    const auto wide = padded(x, window.before, window.after, 0);
    if (countPad || divisor)
        return averages(wide, window, none, ceil, true, divisor);
    auto sizes = x.sizes().vec();
    sizes[0] = sizes[1] = 1;
    const auto ones = padded(at::ones(sizes), window.before, window.after, 0);
    return averages(wide, window, none, ceil, true, 1) / averages(ones, window, none, ceil, true, 1);
}

at::Tensor maxPool(const Operation& op, const at::Tensor& input)
{
    const auto window = windowOf(op.attributes, input);
    const bool ceil = op.attributes.boolean("ceil", false), isDirect = window.poolsDirectly();
    const auto x = isDirect ? input : padded(input, window.before, window.after, -std::numeric_limits<double>::infinity());
    const Ints pads = isDirect ? window.before : Ints(window.kernel.size(), 0);
    return byRank(
        x, [&] { return at::max_pool1d(x, window.kernel, window.stride, pads, window.dilation, ceil); },
        [&] { return at::max_pool2d(x, window.kernel, window.stride, pads, window.dilation, ceil); },
        [&] { return at::max_pool3d(x, window.kernel, window.stride, pads, window.dilation, ceil); });
}

at::Tensor withoutPositions(const Operation& op, const at::Tensor& pooled)
{
    return op.attributes.boolean("keepdims", true) ? pooled : pooled.flatten(1);
}

at::Tensor globalAveragePool(const Operation& op, const at::Tensor& x)
{
    return withoutPositions(op, byRank(
                                    x, [&] { return at::adaptive_avg_pool1d(x, {1}); },
                                    [&] {
                                        return at::adaptive_avg_pool2d(x, {1, 1});
                                    },
                                    [&] {
                                        return at::adaptive_avg_pool3d(x, {1, 1, 1});
                                    }));
}

at::Tensor globalMaxPool(const Operation& op, const at::Tensor& x)
{
    Ints positions;
    for (std::int64_t d = 2; d < x.dim(); ++d)
        positions.push_back(d);
    return withoutPositions(op, at::amax(x, positions, true));
}

constexpr Forward table[] = {
    {"conv1d", one<convolution>},
    {"conv2d", one<convolution>},
    {"conv3d", one<convolution>},
    {"convtranspose1d", one<transposedConvolution>},
    {"convtranspose2d", one<transposedConvolution>},
    {"convtranspose3d", one<transposedConvolution>},
    {"avgpool1d", one<averagePool>},
    {"avgpool2d", one<averagePool>},
    {"avgpool3d", one<averagePool>},
    {"maxpool1d", one<maxPool>},
    {"maxpool2d", one<maxPool>},
    {"maxpool3d", one<maxPool>},
    {"globalavgpool1d", one<globalAveragePool>},
    {"globalavgpool2d", one<globalAveragePool>},
    {"globalavgpool3d", one<globalAveragePool>},
    {"globalmaxpool1d", one<globalMaxPool>},
    {"globalmaxpool2d", one<globalMaxPool>},
    {"globalmaxpool3d", one<globalMaxPool>},
};

}

std::span<const Forward> windowForwards()
{
    return table;
}

}
