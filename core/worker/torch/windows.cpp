// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/torch/forwards.h"

#include "core/worker/torch/window.h"

#include <limits>

namespace core::worker::torch {

namespace {

at::Tensor conv2d(const Operation& op, const at::Tensor& x)
{
    const auto kernel = parameter(op, "kernel");
    const auto bias = optionalParameter(op, "bias");
    const auto window = windowOf(op.attributes, x);
    const auto groups = op.attributes.integer("groups", 1);
    const auto positions = x.size(0) * x.size(2) * x.size(3) / (window.stride[0] * window.stride[1]);
    at::globalContext().setUserEnabledMkldnn(positions * kernel.numel() > oneDnnBorder);
    if (window.pads.isSymmetric())
        return at::conv2d(x, kernel, given(bias), window.stride, window.pads.pair(), window.dilation, groups);
    return at::conv2d(padded(x, window.pads, 0), kernel, given(bias), window.stride, Pads().pair(), window.dilation, groups);
}

at::Tensor avgPool2d(const Operation& op, const at::Tensor& x)
{
    const auto window = windowOf(op.attributes, x);
    const bool ceil = op.attributes.boolean("ceil", false);
    const bool countPad = op.attributes.boolean("count_pad", true);
    c10::optional<std::int64_t> divisor;
    if (op.attributes.has("divisor"))
        divisor = op.attributes.integer("divisor");
    if (window.poolsDirectly())
        return at::avg_pool2d(x, window.kernel, window.stride, window.pads.pair(), ceil, countPad, divisor);
    const auto wide = padded(x, window.pads, 0);
    if (countPad || divisor)
        return at::avg_pool2d(wide, window.kernel, window.stride, 0, ceil, true, divisor);
    const auto ones = padded(at::ones({1, 1, x.size(2), x.size(3)}), window.pads, 0);
    const auto counts = at::avg_pool2d(ones, window.kernel, window.stride, 0, ceil, true, 1);
    return at::avg_pool2d(wide, window.kernel, window.stride, 0, ceil, true, 1) / counts;
}

at::Tensor maxPool2d(const Operation& op, const at::Tensor& x)
{
    const auto window = windowOf(op.attributes, x);
    const bool ceil = op.attributes.boolean("ceil", false);
    if (window.poolsDirectly())
        return at::max_pool2d(x, window.kernel, window.stride, window.pads.pair(), window.dilation, ceil);
    const auto wide = padded(x, window.pads, -std::numeric_limits<double>::infinity());
    return at::max_pool2d(wide, window.kernel, window.stride, 0, window.dilation, ceil);
}

at::Tensor globalAvgPool2d(const Operation& op, const at::Tensor& x)
{
    const auto mean = at::adaptive_avg_pool2d(x, {1, 1});
    return op.attributes.boolean("keepdims", true) ? mean : mean.flatten(1);
}

at::Tensor zeroPad2d(const Operation& op, const at::Tensor& x)
{
    const auto pads = op.attributes.integers("pads", 4);
    return padded(x, {pads[0], pads[1], pads[2], pads[3]}, 0);
}

constexpr Forward table[] = {
    {"conv2d", one<conv2d>},       {"avgpool2d", one<avgPool2d>}, {"maxpool2d", one<maxPool2d>}, {"globalavgpool2d", one<globalAvgPool2d>},
    {"zeropad2d", one<zeroPad2d>},
};

}

std::span<const Forward> windowForwards()
{
    return table;
}

}
