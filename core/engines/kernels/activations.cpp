// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/kernels.h"

#include <algorithm>
#include <cmath>

namespace core::engines::kernels {

namespace {

template <typename Function>
void each(const float* input, std::int64_t count, float* output, Function function)
{
    for (std::int64_t i = 0; i < count; ++i)
        output[i] = function(input[i]);
}

float softplusOf(float x)
{
    return x > 20.0F ? x : std::log1p(std::exp(x));
}

}

void leakyRelu(const float* input, std::int64_t count, float slope, float* output)
{
    each(input, count, output, [slope](float x) { return x > 0.0F ? x : slope * x; });
}

void elu(const float* input, std::int64_t count, float alpha, float* output)
{
    each(input, count, output, [alpha](float x) { return x > 0.0F ? x : alpha * std::expm1(x); });
}

void selu(const float* input, std::int64_t count, float* output)
{
    constexpr float scale = 1.0507009873554805F, alpha = 1.6732632423543772F; // Klambauer et al. 2017
    each(input, count, output, [=](float x) { return scale * (x > 0.0F ? x : alpha * std::expm1(x)); });
}

void gelu(const float* input, std::int64_t count, bool byTanh, float* output)
{
    if (byTanh) {
        constexpr float rootTwoOverPi = 0.7978845608028654F;
        each(input, count, output, [=](float x) { return 0.5F * x * (1.0F + std::tanh(rootTwoOverPi * (x + 0.044715F * x * x * x))); });
        return;
    }
    constexpr float rootHalf = 0.7071067811865476F;
    each(input, count, output, [=](float x) { return 0.5F * x * (1.0F + std::erf(x * rootHalf)); });
}

void silu(const float* input, std::int64_t count, float* output)
{
    each(input, count, output, [](float x) { return x / (1.0F + std::exp(-x)); });
}

void softplus(const float* input, std::int64_t count, float beta, float threshold, float* output)
{
    each(input, count, output, [=](float x) { return beta * x > threshold ? x : std::log1p(std::exp(beta * x)) / beta; });
}

void softsign(const float* input, std::int64_t count, float* output)
{
    each(input, count, output, [](float x) { return x / (1.0F + std::fabs(x)); });
}

void exponential(const float* input, std::int64_t count, float* output)
{
    each(input, count, output, [](float x) { return std::exp(x); });
}

void hardSwish(const float* input, std::int64_t count, float* output)
{
    each(input, count, output, [](float x) { return x * std::min(std::max(x + 3.0F, 0.0F), 6.0F) / 6.0F; });
}

void mish(const float* input, std::int64_t count, float* output)
{
    each(input, count, output, [](float x) { return x * std::tanh(softplusOf(x)); });
}

void clippedRelu(const float* input, std::int64_t count, float highest, float slope, float threshold, float* output)
{
    each(input, count, output, [=](float x) {
        if (std::isnan(x))
            return x;
        float passed = x > threshold ? x : 0.0F;
        if (std::isfinite(highest))
            passed = std::min(std::max(passed, 0.0F), highest);
        return x < threshold ? passed - slope * (threshold - x) : passed;
    });
}

}
