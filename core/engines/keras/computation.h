// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

#include <functional>
#include <map>

namespace core::engines {

/// One op made ready for inputs of one shape: attributes are read and windows are laid out once, not in every run.
struct Computation
{
    /// Dense values, images NHWC: beside the op's inputs, and what it puts out.
    struct Buffers
    {
        std::vector<const float*> inputs;
        std::vector<float*> outputs;
        float* scratch = nullptr;
    };
    /// Empty: the output is the input's bytes under another shape.
    std::function<void(const Buffers&)> run;
    std::int64_t scratch = 0; ///< floats
};

/// `weights` by role; they must outlive the computation. Throws Error("keras-kind") for a kind, an input or an output that this engine does
/// not know, Error("keras-weights") when a weight is missing or has another size.
Computation computation(const layers::Call& call, const std::map<std::string, Tensor>& weights, const std::vector<layers::Value>& outputs);

}
