// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <optional>

namespace core::compare {

/// Differences of two float32 tensors of one shape and layout; b is the right side. NaN at the same place on both sides is equal and
/// counted, on one side only it makes maxAbs NaN; equal infinities differ by 0. cosine of zero vectors is 1 when both are, else 0. Sums in
/// double.
struct Metrics
{
    double maxAbs = 0, meanAbs = 0, scaledMax = 0, cosine = 1;
    std::int64_t nansLeft = 0, nansRight = 0;
    std::int64_t worstIndex = -1;  ///< flat index of the largest difference
    std::int64_t worstSample = -1; ///< its index along the first axis
};

/// scaledMax = max|a-b| / max(1, max|b|). Throws Error("shape-disagree").
Metrics metrics(const Tensor& a, const Tensor& b);
/// a - b, shape and labels of b; 0 where both are NaN or the same infinity.
Tensor difference(const Tensor& a, const Tensor& b);

enum class OutputForm { Plain, Logits, Probabilities, LogProbabilities };
/// Brings logits or log-probabilities to probabilities along `classAxis`, without one along the axis labelled C, else the last one; others
/// stay as they are (float32 -> float32).
Tensor toProbabilities(const Tensor& output, OutputForm form, std::optional<std::size_t> classAxis = {});

}
