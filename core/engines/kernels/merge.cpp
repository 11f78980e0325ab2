// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/kernels.h"
#include "core/engines/kernels/maps.h"

#include <algorithm>

namespace core::engines::kernels {

namespace {

template <typename Function>
void each(const float* a, const float* b, std::int64_t count, float* output, Function function)
{
    for (std::int64_t i = 0; i < count; ++i)
        output[i] = function(a[i], b[i]);
}

}

void combine(Binary binary, const float* a, const float* b, std::int64_t count, float* output)
{
    switch (binary) {
    case Binary::Add:
        Values(output, count) = ConstValues(a, count) + ConstValues(b, count);
        break;
    case Binary::Subtract:
        Values(output, count) = ConstValues(a, count) - ConstValues(b, count);
        break;
    case Binary::Multiply:
        Values(output, count) = ConstValues(a, count) * ConstValues(b, count);
        break;
    case Binary::Divide:
        Values(output, count) = ConstValues(a, count) / ConstValues(b, count);
        break;
    case Binary::Maximum:
        each(a, b, count, output, [](float x, float y) { return x > y || x != x ? x : y; });
        break;
    case Binary::Minimum:
        each(a, b, count, output, [](float x, float y) { return x < y || x != x ? x : y; });
        break;
    }
}

void divide(float* values, std::int64_t count, float divisor)
{
    Values(values, count) /= divisor;
}

void stretch(const float* input, const std::int64_t* sizes, const std::int64_t* strides, int rank, float* output)
{
    if (rank == 0) {
        *output = *input;
        return;
    }
    if (rank == 1) {
        for (std::int64_t i = 0; i < sizes[0]; ++i)
            output[i] = input[i * strides[0]];
        return;
    }
    std::int64_t inner = 1;
    for (int d = 1; d < rank; ++d)
        inner *= sizes[d];
    for (std::int64_t i = 0; i < sizes[0]; ++i)
        stretch(input + i * strides[0], sizes + 1, strides + 1, rank - 1, output + i * inner);
}

void join(const float* const* inputs, const std::int64_t* lengths, int count, std::int64_t outer, float* output)
{
    for (std::int64_t o = 0; o < outer; ++o)
        for (int i = 0; i < count; ++i)
            output = std::copy_n(inputs[i] + o * lengths[i], lengths[i], output);
}

}
