// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

namespace core::layers {

/// Which elements along one dimension make each of the result's, and with what weights: of the k-th those at from[first[k]] to
/// from[first[k + 1] - 1].
struct Mixing
{
    std::vector<std::int64_t> first{0}, from;
    std::vector<float> weights;

    std::int64_t count() const { return static_cast<std::int64_t>(first.size()) - 1; }
    bool operator==(const Mixing&) const = default;
};

/// Averages over windows that cover the dimension and are as equal as they can be (ATen, AdaptivePooling.h).
Mixing evenWindows(std::int64_t size, std::int64_t count);

/// What an op of the kind "resize" makes of a dimension of each of these sizes. Interpolation as ATen's UpSample.h has it and, where the
/// corners are not aligned, TensorFlow's image_resizer_state.h. Throws Error("shape-resize") for sizes that nothing is left of.
std::vector<Mixing> resamplingOf(const Op& op, const Ints& sizes);
/// How many elements each dimension gets.
Ints resampledSizes(const Op& op, const Ints& sizes);

}
