// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/attributes.h"

#include <ATen/ATen.h>

namespace core::worker::torch {

/// One op of a graph that was sent: kind and canonical attributes as core/layers documents them.
struct Operation
{
    std::string kind;
    Attributes attributes;
    std::vector<std::size_t> inputs;              ///< indices of earlier operations
    std::map<std::string, at::Tensor> parameters; ///< by role; kernels OIHW and OI
};

/// Multiplications from which on oneDNN is faster than LibTorch's own convolution.
constexpr std::int64_t oneDnnBorder = 5'000'000;

/// What the op makes of its inputs, float32 in NCHW. Throws core::Error("operation-unknown"), ("operation-inputs"), ("operation-parameter")
/// and c10::Error where LibTorch refuses.
at::Tensor compute(const Operation& operation, const std::vector<at::Tensor>& inputs);

}
