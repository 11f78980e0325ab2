// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/points.h"

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

/// Where the bounds cross it is the upper one, as in at::clamp.
float within(float x, float low, float high)
{
    const float raised = x < low ? low : x;
    return raised > high ? high : raised;
}

/// Calls visit(index of the first element, distance of neighbours) for each line along the axis.
template <typename Visit>
void forEachLine(const Around& axis, Visit visit)
{
    for (std::int64_t o = 0; o < axis.outer; ++o)
        for (std::int64_t i = 0; i < axis.inner; ++i)
            visit(o * axis.size * axis.inner + i, axis.inner);
}

double sumOfSquares(const float* line, std::int64_t size, std::int64_t stride)
{
    double sum = 0;
    for (std::int64_t k = 0; k < size; ++k)
        sum += static_cast<double>(line[k * stride]) * static_cast<double>(line[k * stride]);
    return sum;
}

}

void point(Point function, const float* input, std::int64_t count, float a, float b, float* output)
{
    switch (function) {
    case Point::Celu:
        return each(input, count, output, [a](float x) { return x > 0.0F ? x : a * std::expm1(x / a); });
    case Point::HardSigmoid:
        return each(input, count, output, [a](float x) { return within(a * x + 0.5F, 0.0F, 1.0F); });
    case Point::Clip:
        return each(input, count, output, [=](float x) { return within(x, a, b); });
    case Point::Threshold:
        return each(input, count, output, [=](float x) { return x <= a ? b : x; });
    case Point::HardShrink:
        return each(input, count, output, [a](float x) { return x >= -a && x <= a ? 0.0F : x; });
    case Point::SoftShrink:
        return each(input, count, output, [a](float x) { return x > a ? x - a : x < -a ? x + a : x != x ? x : 0.0F; });
    case Point::TanhShrink:
        return each(input, count, output, [](float x) { return x - std::tanh(x); });
    case Point::LogSigmoid:
        return each(input, count, output, [](float x) { return std::min(x, 0.0F) - std::log1p(std::exp(-std::fabs(x))); });
    case Point::Affine:
        return each(input, count, output, [=](float x) { return a * x + b; });
    case Point::Power:
        return each(input, count, output, [a](float x) { return std::pow(x, a); });
    case Point::Absolute:
        return each(input, count, output, [](float x) { return std::fabs(x); });
    case Point::SquareRoot:
        return each(input, count, output, [](float x) { return std::sqrt(x); });
    case Point::Logarithm:
        return each(input, count, output, [](float x) { return std::log(x); });
    case Point::Sine:
        return each(input, count, output, [](float x) { return std::sin(x); });
    case Point::Cosine:
        return each(input, count, output, [](float x) { return std::cos(x); });
    }
}

void prelu(const float* input, std::int64_t outer, std::int64_t size, const float* slope, float* output)
{
    for (std::int64_t o = 0; o < outer; ++o)
        for (std::int64_t i = o * size, k = 0; k < size; ++i, ++k)
            output[i] = input[i] > 0.0F ? input[i] : slope[k] * input[i];
}

void glu(const float* input, const Around& axis, float* output)
{
    const std::int64_t half = axis.size / 2 * axis.inner;
    for (std::int64_t o = 0; o < axis.outer; ++o)
        for (std::int64_t i = 0; i < half; ++i) {
            const float* at = input + 2 * o * half + i;
            output[o * half + i] = at[0] / (1.0F + std::exp(-at[half]));
        }
}

void reduce(Reduction function, const float* input, std::int64_t rows, std::int64_t size, float* output)
{
    for (std::int64_t row = 0; row < rows; ++row, input += size) {
        double sum = 0;
        float most = input[0], least = input[0];
        for (std::int64_t i = 0; i < size; ++i) {
            sum += static_cast<double>(input[i]);
            most = input[i] > most || input[i] != input[i] ? input[i] : most;
            least = input[i] < least || input[i] != input[i] ? input[i] : least;
        }
        const double value = function == Reduction::Mean ? sum / static_cast<double>(size) : sum;
        output[row] = function == Reduction::Maximum ? most : function == Reduction::Minimum ? least : static_cast<float>(value);
    }
}

void groupNorm(const float* input, const Around& channels, std::int64_t samples, std::int64_t groups, const float* gamma, const float* beta,
               float epsilon, float* output)
{
    const std::int64_t outer = channels.outer / samples, inGroup = channels.size / groups, inner = channels.inner;
    for (std::int64_t n = 0; n < samples; ++n)
        for (std::int64_t g = 0; g < groups; ++g) {
            const auto visit = [&](auto function) {
                for (std::int64_t o = n * outer; o < (n + 1) * outer; ++o)
                    for (std::int64_t c = g * inGroup; c < (g + 1) * inGroup; ++c)
                        for (std::int64_t i = 0; i < inner; ++i)
                            function((o * channels.size + c) * inner + i, c);
            };
            double sum = 0, squares = 0;
            const auto count = static_cast<double>(outer * inGroup * inner);
            visit([&](std::int64_t at, std::int64_t) { sum += static_cast<double>(input[at]); });
            const double mean = sum / count;
            visit([&](std::int64_t at, std::int64_t) {
                const double apart = static_cast<double>(input[at]) - mean;
                squares += apart * apart;
            });
            const auto scale = static_cast<float>(1.0 / std::sqrt(squares / count + static_cast<double>(epsilon)));
            const auto middle = static_cast<float>(mean);
            visit([&](std::int64_t at, std::int64_t c) {
                output[at] = (input[at] - middle) * scale * (gamma ? gamma[c] : 1.0F) + (beta ? beta[c] : 0.0F);
            });
        }
}

void rmsNorm(const float* input, const Around& axis, const float* gamma, float epsilon, float* output)
{
    forEachLine(axis, [&](std::int64_t at, std::int64_t stride) {
        const double mean = sumOfSquares(input + at, axis.size, stride) / static_cast<double>(axis.size);
        const auto scale = static_cast<float>(1.0 / std::sqrt(mean + static_cast<double>(epsilon)));
        for (std::int64_t k = 0; k < axis.size; ++k)
            output[at + k * stride] = input[at + k * stride] * scale * (gamma ? gamma[k] : 1.0F);
    });
}

void unitNorm(const float* input, const Around& axis, float floor, float* output)
{
    forEachLine(axis, [&](std::int64_t at, std::int64_t stride) {
        const auto scale =
            static_cast<float>(1.0 / std::max(std::sqrt(sumOfSquares(input + at, axis.size, stride)), static_cast<double>(floor)));
        for (std::int64_t k = 0; k < axis.size; ++k)
            output[at + k * stride] = input[at + k * stride] * scale;
    });
}

}
