// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/kernels/kernels.h"

/// Functions of single elements, means along axes, and what normalises by groups. As kernels.h says: sizes are trusted, NaN propagates.
namespace core::engines::kernels {

/// With settings a and b:
/// Celu: a (e^(x/a) - 1) below 0. HardSigmoid: a x + 0.5 within 0 and 1. Clip: within a and b. Threshold: b where x <= a. HardShrink: 0
/// within -a and a. SoftShrink: nearer to 0 by a. TanhShrink: x - tanh x. LogSigmoid: log 1/(1 + e^-x). Affine: a x + b. Power: x^a.
enum class Point {
    Celu,
    HardSigmoid,
    Clip,
    Threshold,
    HardShrink,
    SoftShrink,
    TanhShrink,
    LogSigmoid,
    Affine,
    Power,
    Absolute,
    SquareRoot,
    Logarithm,
    Sine,
    Cosine
};
TIEOUT_ENGINE_API void point(Point function, const float* input, std::int64_t count, float a, float b, float* output);
/// slope[i] x below 0; `size` slopes for each of `outer` samples.
TIEOUT_ENGINE_API void prelu(const float* input, std::int64_t outer, std::int64_t size, const float* slope, float* output);
/// The first half along the axis times the sigmoid of the second.
TIEOUT_ENGINE_API void glu(const float* input, const Around& axis, float* output);

enum class Reduction { Mean, Sum, Maximum, Minimum };
/// Of each of `rows` rows of `size` values.
TIEOUT_ENGINE_API void reduce(Reduction function, const float* input, std::int64_t rows, std::int64_t size, float* output);

/// Mean and variance of each sample's group of channels; the axis is that of the channels, `samples` divides its outer. gamma and beta (of
/// the channels) may be null.
TIEOUT_ENGINE_API void groupNorm(const float* input, const Around& channels, std::int64_t samples, std::int64_t groups, const float* gamma,
                                 const float* beta, float epsilon, float* output);
/// x / sqrt(mean of squares + epsilon) along the axis, times gamma or not.
TIEOUT_ENGINE_API void rmsNorm(const float* input, const Around& axis, const float* gamma, float epsilon, float* output);
/// x / max(sqrt(sum of squares), floor) along the axis.
TIEOUT_ENGINE_API void unitNorm(const float* input, const Around& axis, float floor, float* output);

}
