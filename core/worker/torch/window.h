// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/attributes.h"

#include <ATen/ATen.h>

namespace core::worker::torch {

/// A sliding window over one to three dimensions, its padding settled for one input.
struct Window
{
    Ints kernel, stride, dilation;
    Ints before, after; ///< padding

    /// LibTorch's pooling takes symmetric padding of at most half the kernel.
    bool poolsDirectly() const;
};

/// Dimensions of an image N,C,... Throws core::Error("operation-inputs") unless they are 1 to 3.
std::size_t rankOf(const at::Tensor& image);

/// `padding` "same" is TensorFlow's: out = ceil(n / s), the odd row or column at the end; torch's own (stride 1 only) is the same formula.
/// "causal" puts all of it in front. Throws core::Error for an unknown padding, for an input that is no image, and for sizes below 1.
Window windowOf(const Attributes& attributes, const at::Tensor& input);

/// Where the result of a transposed convolution begins in the whole one along dimension `d`, and its length. "same" is TensorFlow's: what
/// the convolution pads whose gradient it is. Without output_padding Keras settles the length.
std::pair<std::int64_t, std::int64_t> transposedPart(const Attributes& attributes, std::size_t d, std::size_t rank, std::int64_t size);

/// The input with `value` around it.
at::Tensor padded(const at::Tensor& input, const Ints& before, const Ints& after, double value);
/// With what the image has there: "reflect", "replicate", "circular".
at::Tensor continued(const at::Tensor& input, const Ints& before, const Ints& after, const std::string& mode);

}
