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

Ints positive(const Attributes& attributes, const std::string& name, std::size_t rank, const Ints& fallback)
{
    auto sizes = attributes.integers(name, rank, fallback);
    constexpr std::int64_t most = 1 << 24;
    if (std::any_of(sizes.begin(), sizes.end(), [](std::int64_t n) { return n < 1 || n > most; }))
        throw Error("operation-attribute").expected("positive sizes").found(text(Shape(sizes))).at(name);
    return sizes;
}

/// In the order of at::pad: the last dimension first.
Ints lastFirst(const Ints& before, const Ints& after)
{
    Ints result;
    for (std::size_t d = before.size(); d-- > 0;)
        result.insert(result.end(), {before[d], after[d]});
    return result;
}

}

bool Window::poolsDirectly() const
{
    for (std::size_t d = 0; d < kernel.size(); ++d)
        if (before[d] != after[d] || 2 * before[d] > kernel[d])
            return false;
    return true;
}

std::size_t rankOf(const at::Tensor& image)
{
    if (image.dim() < 3 || image.dim() > 5)
        throw Error("operation-inputs")
            .expected("an input with a batch, channels and positions")
            .found("rank " + std::to_string(image.dim()));
    return static_cast<std::size_t>(image.dim()) - 2;
}

Window windowOf(const Attributes& attributes, const at::Tensor& input)
{
    const std::size_t rank = rankOf(input);
    const Ints ones(rank, 1);
    Window window{positive(attributes, "kernel", rank, Ints()), positive(attributes, "stride", rank, ones),
                  positive(attributes, "dilation", rank, ones), Ints(rank, 0), Ints(rank, 0)};
    const auto padding = attributes.string("padding", "valid");
    const Ints given = padding == "explicit" ? attributes.integers("pads", 2 * rank) : Ints();
    if (padding != "same" && padding != "explicit" && padding != "valid" && padding != "causal")
        throw Error("operation-attribute").expected("padding valid, same, causal or explicit").found(printable(padding));
    for (std::size_t d = 0; d < rank; ++d) {
        if (padding == "same")
            std::tie(window.before[d], window.after[d]) =
                samePads(input.size(static_cast<std::int64_t>(d) + 2), window.kernel[d], window.stride[d], window.dilation[d]);
        else if (padding == "explicit")
            std::tie(window.before[d], window.after[d]) = std::pair(given[2 * d], given[2 * d + 1]);
        else if (padding == "causal")
            window.before[d] = (window.kernel[d] - 1) * window.dilation[d];
    }
    return window;
}

std::pair<std::int64_t, std::int64_t> transposedPart(const Attributes& attributes, std::size_t d, std::size_t rank, std::int64_t size)
{
    const Ints ones(rank, 1);
    const std::int64_t stride = positive(attributes, "stride", rank, ones)[d];
    const std::int64_t kernel = (positive(attributes, "kernel", rank, Ints())[d] - 1) * positive(attributes, "dilation", rank, ones)[d] + 1;
    const bool isTold = attributes.has("output_padding");
    const std::int64_t added = isTold ? attributes.integers("output_padding", rank)[d] : 0;
    const auto padding = attributes.string("padding", "valid");
    if (padding == "same") {
        const std::int64_t length = isTold ? (size - 1) * stride + kernel - 2 * (kernel / 2) + added : size * stride;
        return {std::max<std::int64_t>((size - 1) * stride + kernel - length, 0) / 2, length};
    }
    if (padding != "valid" && padding != "explicit")
        throw Error("operation-attribute").expected("padding valid, same or explicit").found(printable(padding));
    const Ints pads = padding == "explicit" ? attributes.integers("pads", 2 * rank) : Ints(2 * rank, 0);
    const std::int64_t whole = isTold ? (size - 1) * stride + kernel + added : (size - 1) * stride + std::max(kernel, stride);
    return {pads[2 * d], whole - pads[2 * d] - pads[2 * d + 1]};
}

at::Tensor padded(const at::Tensor& input, const Ints& before, const Ints& after, double value)
{
    return at::constant_pad_nd(input, lastFirst(before, after), value);
}

at::Tensor continued(const at::Tensor& input, const Ints& before, const Ints& after, const std::string& mode)
{
    return at::pad(input, lastFirst(before, after), mode);
}

}
