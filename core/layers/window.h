// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

namespace core::layers {

/// Elements added on each side of H and W.
struct Pads
{
    std::int64_t top = 0, bottom = 0, left = 0, right = 0;
    bool operator==(const Pads&) const = default;
};

/// What a convolution's or pooling's window does to an input of height x width. `padding` "same" is TensorFlow's (extra at the end).
struct Window
{
    Ints kernel{1, 1}, stride{1, 1}, dilation{1, 1};
    Pads pads;
    std::int64_t height = 0, width = 0; ///< of the result
};

/// Resolves the canonical attributes kernel, stride, dilation, padding, pads, ceil for one input size.
/// Throws Error("shape-window") when the window does not fit into the input.
Window windowOf(const Op& op, std::int64_t height, std::int64_t width);

/// Kind::inputAxes of what slides over height and width.
std::string_view imageAxes(const Op& op, Framework framework, std::size_t rank);

/// Sizes of H and W of a labelled value. Throws Error("shape-image") when it has none.
std::pair<std::int64_t, std::int64_t> imageSize(const Op& op, const Value& value);

/// `value` with H, W and (when not 0) C replaced.
Value resized(const Value& value, std::int64_t height, std::int64_t width, std::int64_t channels = 0);

/// Canonical kernel, stride, dilation, padding and pads from torch's kernel_size, stride, padding, dilation.
void setTorchWindow(Attributes& canonical, const TorchSpec& spec);
/// The same from Keras' config under the given key of the kernel ("kernel_size", "pool_size").
void setKerasWindow(Attributes& canonical, const KerasSpec& spec, const char* kernelKey);
/// Keras' "strides", "padding", "data_format". Throws Error("layer-no-twin") for padding that Keras cannot say in one layer.
void putKerasWindow(Json& config, const Op& op, const char* kernelKey);

/// torch's kernel_size, stride, padding, dilation. Throws Error("layer-no-twin") for padding that PyTorch cannot say in one layer: 'same'
/// with a stride, and sides that differ.
void putTorchWindow(Attributes& raw, const Op& op);

/// "1→6", or "6" where what is consumed is not known.
std::string producedWord(std::int64_t produced, std::int64_t consumed);
/// "p2" of the attribute pads.
std::string padsWord(const Op& op);
/// "5×5", "s2", "d2", "same", "ceil": kernel, stride where it is not the usual one, dilation, padding.
void addWindowWords(std::vector<std::string>& words, const Op& op, const Ints& usualStride);

/// What differs between two windows, or empty; with both inputs known the padding is compared by its effect.
std::string windowDifference(const Call& a, const Call& b);

}
