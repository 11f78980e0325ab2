// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/kernels/kernels.h"

namespace core::engines::kernels {

/// Which elements along an axis make each of the result's, and with what weights: of the k-th those at from[first[k]] to
/// from[first[k + 1] - 1].
struct Mixing
{
    const std::int64_t* first;
    const std::int64_t* from;
    const float* weights;
    std::int64_t count; ///< of the result's
};

/// Weighted sums along the axis: (outer, mixing.count, inner).
TIEOUT_ENGINE_API void mix(const float* input, const Around& axis, const Mixing& mixing, float* output);
/// The highest along the axis; the weights are not looked at.
TIEOUT_ENGINE_API void highest(const float* input, const Around& axis, const Mixing& mixing, float* output);

}
