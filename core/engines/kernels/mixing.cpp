// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/mixing.h"

#include <algorithm>

namespace core::engines::kernels {

namespace {

/// Each element of the result begins as `start(line, weight)` of the first line that it is made of, and goes on with `add`.
template <typename Start, typename Add>
void alongAxis(const float* input, const Around& axis, const Mixing& mixing, float* output, Start start, Add add)
{
    for (std::int64_t o = 0; o < axis.outer; ++o, input += axis.size * axis.inner)
        for (std::int64_t k = 0; k < mixing.count; ++k, output += axis.inner)
            for (std::int64_t i = mixing.first[k]; i < mixing.first[k + 1]; ++i) {
                const float* line = input + mixing.from[i] * axis.inner;
                const float weight = mixing.weights[i];
                if (i == mixing.first[k])
                    for (std::int64_t x = 0; x < axis.inner; ++x)
                        output[x] = start(line[x], weight);
                else
                    for (std::int64_t x = 0; x < axis.inner; ++x)
                        output[x] = add(output[x], line[x], weight);
            }
}

}

void mix(const float* input, const Around& axis, const Mixing& mixing, float* output)
{
    alongAxis(
        input, axis, mixing, output, [](float value, float weight) { return weight * value; },
        [](float sum, float value, float weight) { return sum + weight * value; });
}

void highest(const float* input, const Around& axis, const Mixing& mixing, float* output)
{
    alongAxis(
        input, axis, mixing, output, [](float value, float) { return value; },
        [](float best, float value, float) { return value <= best || best != best ? best : value; }); // a NaN wins
}

}
