// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/attributes.h"

#include <ATen/ATen.h>

namespace core::worker::torch {

/// Top, bottom, left, right.
struct Pads
{
    std::int64_t top = 0, bottom = 0, left = 0, right = 0;

    bool isSymmetric() const { return top == bottom && left == right; }
    std::array<std::int64_t, 2> pair() const { return {top, left}; }
};

/// A sliding window over H and W, its padding settled for one input.
struct Window
{
    Ints kernel, stride, dilation;
    Pads pads;

    /// LibTorch's pooling takes symmetric padding of at most half the kernel.
    bool poolsDirectly() const { return pads.isSymmetric() && 2 * pads.top <= kernel[0] && 2 * pads.left <= kernel[1]; }
};

/// `padding` "same" is TensorFlow's: out = ceil(n / s), the odd row or column at the end; torch's own (stride 1 only) is the same formula.
/// Throws core::Error for an unknown padding, for an input that is not N,C,H,W, and for sizes below 1.
Window windowOf(const Attributes& attributes, const at::Tensor& input);

/// The input with `value` around it.
at::Tensor padded(const at::Tensor& input, const Pads& pads, double value);

}
