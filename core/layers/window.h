// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

namespace core::layers {

/// Where an image of one, two or three dimensions (T; H,W; D,H,W) has its channels and its positions, which lie side by side in that order.
struct Picture
{
    std::size_t channel = 0, first = 0; ///< dimensions of the value, batch included
    Ints sizes;                         ///< of the positions
    std::int64_t channels = 0;
};
/// Throws Error("shape-image") when the value is none of `rank` dimensions; the features of a sequence are its channels.
Picture pictureOf(const Op& op, const Value& value, std::size_t rank);
/// Kind::inputAxes of what slides over an image of that many dimensions.
template <std::size_t Rank>
std::string_view imageAxes(const Op& op, Framework framework, std::size_t rank);
/// `value` with other sizes and (when not 0) channels; features become channels.
Value resized(const Value& value, const Picture& picture, const Ints& sizes, std::int64_t channels = 0);

/// Dimensions of the op's window, as its kernel tells; 0 when it has none.
std::size_t windowRank(const Op& op);
/// A setting with a number for each dimension, 1 where the file tells none.
Ints perDimension(const Op& op, const std::string& name, std::size_t rank);

/// What a window does to an image. `padding` "same" is TensorFlow's (extra at the end), "causal" puts all of it in front.
struct Window
{
    Ints kernel, stride, dilation; ///< a number for each dimension
    Ints pads;                     ///< before and after of each dimension: top, bottom, left, right
    Ints result;                   ///< sizes
};
/// Resolves the canonical attributes kernel, stride, dilation, padding, pads, ceil for images of these sizes.
/// Throws Error("shape-window") when the window does not fit into the input.
Window windowOf(const Op& op, const Ints& sizes);

/// The same of a transposed convolution: `pads` are what is cut off the whole result of (n - 1) stride + reach elements (negative behind:
/// zeros are added). Throws Error("shape-window") when nothing is left.
Window transposedWindowOf(const Op& op, const Ints& sizes);

/// Whether Keras' data_format says that channels come first, as an attribute where they do. Throws Error("layer-unsupported") for a third.
void setKerasLayout(Attributes& canonical, const Json& config);
/// "channels_first" or "channels_last", as the op lies.
std::string kerasLayout(const Op& op);
/// Canonical kernel, stride, dilation, padding and pads from torch's kernel_size, stride, padding, dilation.
void setTorchWindow(Attributes& canonical, const TorchSpec& spec, std::size_t rank);
/// The same from Keras' config under the given key of the kernel ("kernel_size", "pool_size").
void setKerasWindow(Attributes& canonical, const KerasSpec& spec, const char* kernelKey, std::size_t rank);
/// Keras' "strides", "padding", "data_format". Throws Error("layer-no-twin") for padding that Keras cannot say in one layer.
void putKerasWindow(Json& config, const Op& op, const char* kernelKey, std::size_t rank);
/// torch's kernel_size, stride, padding, dilation. Throws Error("layer-no-twin") for padding that PyTorch cannot say in one layer: 'same'
/// with a stride, and sides that differ.
void putTorchWindow(Attributes& raw, const Op& op, std::size_t rank);

/// What a window is whose padding Keras can say: 'same' where that is the same on every size; else the op with none, and the zeros that
/// stand before it (none where there are none to add).
struct KerasPadding
{
    Op op;
    Ints zeros;
};
KerasPadding kerasPadding(const Op& op, const Ints& sizes);
/// The op with Keras' 'same' where that takes the same windows of images of these sizes.
std::optional<Op> asSame(const Op& op, const Ints& sizes);
/// The op without padding, and the zeros on each side by which it takes the same windows.
KerasPadding withZeros(const Op& op, const Ints& sizes);

/// "w", "hw", "dhw": what roles call the dimensions of a kernel.
std::string_view kernelLetters(std::size_t rank);
/// What is known of a kernel's axes: `o` and `i` of these sizes (0: not known), and the window's dimensions.
std::vector<RoleAxis> kernelAxes(const Attributes& settings, std::size_t rank, std::int64_t produced, std::int64_t consumed);
/// Channels of the first input when it is an image of `rank` dimensions, else 0.
std::int64_t channelsOf(std::span<const Value> inputs, std::size_t rank);
/// Throws Error("shape-window") where an image is too small to be continued so: "reflect" takes less than its size, "circular" at most
/// that.
void checkPadding(const Op& op, std::string_view mode, const Ints& pads, const Ints& sizes);

/// "1→6", or "6" where what is consumed is not known.
std::string producedWord(std::int64_t produced, std::int64_t consumed);
/// "p2" of the attribute pads.
std::string padsWord(const Op& op);
/// "3×3" of sizes, "3" of one.
std::string timesWord(const Ints& sizes);
/// "5×5", "s2", "d2", "same", "ceil": kernel, stride where it is not the usual one, dilation, padding.
void addWindowWords(std::vector<std::string>& words, const Op& op, const Ints& usualStride);

/// What differs between two windows, or empty; with both inputs known the padding is compared by its effect.
std::string windowDifference(const Call& a, const Call& b);

/// Why the op's input does not lie as the model's framework has images (PyTorch: channels behind the batch; Keras: last, or as the layer's
/// data_format says); empty where it does, and for what takes no image.
std::string layoutProblem(Framework framework, const Call& call);

}
