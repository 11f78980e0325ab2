// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/kernels.h"
#include "core/engines/kernels/maps.h"

#include <cmath>

namespace core::engines::kernels {

void foldBatchNorm(std::int64_t channels, const float* gamma, const float* beta, const float* mean, const float* variance, float epsilon,
                   float* scale, float* shift)
{
    for (std::int64_t c = 0; c < channels; ++c) {
        const float inverse = 1.0F / std::sqrt(variance[c] + epsilon);
        scale[c] = gamma ? inverse * gamma[c] : inverse;
        shift[c] = (beta ? beta[c] : 0.0F) - mean[c] * scale[c];
    }
}

void scaleShift(const float* input, const Around& axis, const float* scale, const float* shift, float* output)
{
    for (std::int64_t o = 0; o < axis.outer; ++o) {
        if (axis.inner == 1) {
            Values(output, axis.size) = ConstValues(input, axis.size) * ConstValues(scale, axis.size) + ConstValues(shift, axis.size);
        } else {
            for (std::int64_t c = 0; c < axis.size; ++c)
                Values(output + c * axis.inner, axis.inner) = ConstValues(input + c * axis.inner, axis.inner) * scale[c] + shift[c];
        }
        input += axis.size * axis.inner;
        output += axis.size * axis.inner;
    }
}

void tanh(const float* input, std::int64_t count, float* output)
{
    Values(output, count) = ConstValues(input, count).tanh();
}

void relu(const float* input, std::int64_t count, float* output)
{
    for (std::int64_t i = 0; i < count; ++i)
        output[i] = input[i] <= 0.0F ? 0.0F : input[i];
}

void sigmoid(const float* input, std::int64_t count, float* output)
{
    Values(output, count) = (1.0F + (-ConstValues(input, count)).exp()).inverse();
}

const char* instructionSet()
{
#if defined(__AVX2__) && defined(__FMA__)
    return "x86-64-v3";
#else
    return "x86-64";
#endif
}

}
