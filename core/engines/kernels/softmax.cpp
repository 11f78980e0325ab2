// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/kernels.h"
#include "core/engines/kernels/maps.h"

#include <cmath>

namespace core::engines::kernels {

namespace {

using Line = Eigen::Map<Eigen::ArrayXf, Eigen::Unaligned, Eigen::InnerStride<>>;
using ConstLine = Eigen::Map<const Eigen::ArrayXf, Eigen::Unaligned, Eigen::InnerStride<>>;

/// Calls apply(input line, output line) for each line along the axis.
template <typename Apply>
void forEachLine(const float* input, const Around& axis, float* output, Apply apply)
{
    if (axis.size == 0)
        return;
    const Eigen::InnerStride<> stride(axis.inner);
    for (std::int64_t o = 0; o < axis.outer; ++o) {
        for (std::int64_t i = 0; i < axis.inner; ++i) {
            const std::int64_t at = o * axis.size * axis.inner + i;
            apply(ConstLine(input + at, axis.size, stride), Line(output + at, axis.size, stride));
        }
    }
}

}

void softmax(const float* input, const Around& axis, float* output)
{
    forEachLine(input, axis, output, [](const ConstLine& in, Line out) {
        out = (in - in.maxCoeff<Eigen::PropagateNaN>()).exp();
        out /= out.sum();
    });
}

void logSoftmax(const float* input, const Around& axis, float* output)
{
    forEachLine(input, axis, output, [](const ConstLine& in, Line out) {
        const float highest = in.maxCoeff<Eigen::PropagateNaN>();
        out = in - highest;
        out -= std::log(out.exp().sum());
    });
}

}
