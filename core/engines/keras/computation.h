// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

#include <functional>
#include <map>

namespace core::engines {

/// One op made ready for inputs of one shape: attributes are read and windows are laid out once, not in every run.
struct Computation
{
    /// Input and output are dense NHWC. Empty: the output is the input's bytes under another shape.
    std::function<void(const float* input, float* output, float* scratch)> run;
    std::int64_t scratch = 0; ///< floats
};

/// `weights` by role; they must outlive the computation. Throws Error("keras-kind") for a kind that this engine does not know,
/// Error("keras-layout") for an input that is not N,H,W,C, Error("keras-weights") when a weight is missing or has another size.
Computation computation(const Op& op, const std::map<std::string, Tensor>& weights, const layers::Value& input,
                        const layers::Value& output);

}
