// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/torch/window.h"

#include "core/base/error.h"
#include "core/tensor/shape.h"

#include <algorithm>

namespace core::worker::torch {

namespace {

std::pair<std::int64_t, std::int64_t> samePads(std::int64_t size, std::int64_t kernel, std::int64_t stride, std::int64_t dilation)
{
    const std::int64_t out = (size + stride - 1) / stride;
    const std::int64_t total = std::max<std::int64_t>((out - 1) * stride + (kernel - 1) * dilation + 1 - size, 0);
    return {total / 2, total - total / 2};
}

Ints positivePair(const Attributes& attributes, const std::string& name, const Ints& fallback)
{
    auto pair = attributes.integers(name, 2, fallback);
    constexpr std::int64_t most = 1 << 24;
    if (std::any_of(pair.begin(), pair.end(), [](std::int64_t n) { return n < 1 || n > most; }))
        throw Error("operation-attribute").expected("positive sizes").found(text(Shape(pair))).at(name);
    return pair;
}

}

Window windowOf(const Attributes& attributes, const at::Tensor& input)
{
    if (input.dim() != 4)
        throw Error("operation-inputs").expected("an input N,C,H,W").found("rank " + std::to_string(input.dim()));
    Window window;
    window.kernel = positivePair(attributes, "kernel", Ints());
    window.stride = positivePair(attributes, "stride", Ints{1, 1});
    window.dilation = positivePair(attributes, "dilation", Ints{1, 1});
    const auto padding = attributes.string("padding", "valid");
    auto& pads = window.pads;
    if (padding == "same") {
        std::tie(pads.top, pads.bottom) = samePads(input.size(2), window.kernel[0], window.stride[0], window.dilation[0]);
        std::tie(pads.left, pads.right) = samePads(input.size(3), window.kernel[1], window.stride[1], window.dilation[1]);
    } else if (padding == "explicit") {
        const auto given = attributes.integers("pads", 4);
        pads = {given[0], given[1], given[2], given[3]};
    } else if (padding != "valid") {
        throw Error("operation-attribute").expected("padding valid, same or explicit").found(printable(padding));
    }
    return window;
}

at::Tensor padded(const at::Tensor& input, const Pads& pads, double value)
{
    return at::constant_pad_nd(input, {pads.left, pads.right, pads.top, pads.bottom}, value);
}

}
