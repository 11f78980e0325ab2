// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/kernels.h"
#include "core/engines/kernels/maps.h"

#include <cmath>

namespace core::engines::kernels {

void layerNorm(const float* input, const Around& axis, const float* gamma, const float* beta, float epsilon, float* output)
{
    if (axis.size == 0)
        return;
    using Line = Eigen::Map<Eigen::ArrayXf, Eigen::Unaligned, Eigen::InnerStride<>>;
    using ConstLine = Eigen::Map<const Eigen::ArrayXf, Eigen::Unaligned, Eigen::InnerStride<>>;
    const Eigen::InnerStride<> stride(axis.inner);
    for (std::int64_t o = 0; o < axis.outer; ++o)
        for (std::int64_t i = 0; i < axis.inner; ++i) {
            const std::int64_t at = o * axis.size * axis.inner + i;
            const ConstLine in(input + at, axis.size, stride);
            Line out(output + at, axis.size, stride);
            out = in - in.mean();
            out *= 1.0f / std::sqrt(out.square().mean() + epsilon);
            if (gamma)
                out *= ConstValues(gamma, axis.size);
            if (beta)
                out += ConstValues(beta, axis.size);
        }
}

}
