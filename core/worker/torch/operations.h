// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/attributes.h"
#include "core/model/port.h"

#include <ATen/ATen.h>

namespace core::worker::torch {

/// One op of a graph that was sent: kind and canonical attributes as core/layers documents them.
struct Operation
{
    std::string kind;
    Attributes attributes;
    std::vector<Input> inputs;                    ///< of earlier operations
    std::map<std::string, at::Tensor> parameters; ///< by role; kernels OIHW and OI
};

/// Multiplications from which on oneDNN is faster than LibTorch's own convolution.
constexpr std::int64_t oneDnnBorder = 5'000'000;

/// What the op puts out, float32 in NCHW; `inputs` stand beside its own. Throws core::Error("operation-unknown"), ("operation-inputs"),
/// ("operation-parameter") and c10::Error where LibTorch refuses.
std::vector<at::Tensor> compute(const Operation& operation, const std::vector<at::Tensor>& inputs);

}
