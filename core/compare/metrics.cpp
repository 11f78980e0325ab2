// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/metrics.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace core::compare {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// What one plain loop over all elements gathers; the first of them is exact only while every value is finite.
struct Sums
{
    double maxAbs = 0, sumAbs = 0, maxRight = 0, dot = 0, squareLeft = 0, squareRight = 0;
};

Sums finiteSums(std::span<const float> a, std::span<const float> b)
{
    float maxAbs = 0, maxRight = 0;
    double sumAbs = 0, dot = 0, squareLeft = 0, squareRight = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const float distance = std::fabs(a[i] - b[i]);
        maxAbs = distance > maxAbs ? distance : maxAbs;
        maxRight = std::fabs(b[i]) > maxRight ? std::fabs(b[i]) : maxRight;
        const double left = a[i], right = b[i];
        sumAbs += std::fabs(left - right);
        dot += left * right;
        squareLeft += left * left;
        squareRight += right * right;
    }
    return {maxAbs, sumAbs, maxRight, dot, squareLeft, squareRight};
}

/// |a - b| by the rules for NaN and infinities; NaN when only one side is NaN.
double distanceOf(float a, float b)
{
    if (std::isnan(a) && std::isnan(b))
        return 0;
    if (a == b)
        return 0;
    return std::fabs(static_cast<double>(a) - static_cast<double>(b));
}

/// The careful loop, only taken when something is not finite. Values that are not finite stay out of the cosine.
Sums carefulSums(std::span<const float> a, std::span<const float> b)
{
    Sums sums;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double distance = distanceOf(a[i], b[i]);
        sums.maxAbs = std::isnan(distance) || std::isnan(sums.maxAbs) ? nan : std::max(sums.maxAbs, distance);
        sums.sumAbs += distance;
        if (!std::isnan(b[i]))
            sums.maxRight = std::max(sums.maxRight, std::fabs(static_cast<double>(b[i])));
        if (std::isfinite(a[i]) && std::isfinite(b[i])) {
            const double left = a[i], right = b[i];
            sums.dot += left * right;
            sums.squareLeft += left * left;
            sums.squareRight += right * right;
        }
    }
    return sums;
}

std::int64_t worstIndex(std::span<const float> a, std::span<const float> b)
{
    double worst = -1;
    std::int64_t index = -1;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double distance = distanceOf(a[i], b[i]);
        if (std::isnan(distance))
            return static_cast<std::int64_t>(i);
        if (distance > worst) {
            worst = distance;
            index = static_cast<std::int64_t>(i);
        }
    }
    return index;
}

std::int64_t nans(std::span<const float> values)
{
    return std::count_if(values.begin(), values.end(), [](float value) { return std::isnan(value); });
}

}

Metrics metrics(const Tensor& a, const Tensor& b)
{
    if (a.shape() != b.shape())
        throw Error("shape-disagree").expected(text(b.shape())).found(text(a.shape()));
    const std::span<const float> left = a.floats(), right = b.floats();
    Sums sums = finiteSums(left, right);
    Metrics result;
    if (!std::isfinite(sums.sumAbs) || !std::isfinite(sums.squareLeft) || !std::isfinite(sums.squareRight) || !std::isfinite(sums.maxAbs)) {
        sums = carefulSums(left, right);
        result.nansLeft = nans(left);
        result.nansRight = nans(right);
    }
    result.maxAbs = sums.maxAbs;
    result.meanAbs = left.empty() ? 0 : sums.sumAbs / static_cast<double>(left.size());
    // An infinity that both sides share is no scale: only then is maxRight infinite while the difference is not.
    result.scaledMax = std::isinf(sums.maxAbs) ? sums.maxAbs : sums.maxAbs / std::max(1.0, std::isinf(sums.maxRight) ? 1.0 : sums.maxRight);
    const double norms = std::sqrt(sums.squareLeft) * std::sqrt(sums.squareRight);
    result.cosine = norms > 0 ? sums.dot / norms : (sums.squareLeft == sums.squareRight ? 1 : 0);
    result.worstIndex = worstIndex(left, right);
    if (result.worstIndex >= 0 && !b.shape().empty())
        result.worstSample = result.worstIndex / (b.count() / b.shape().front());
    return result;
}

Tensor difference(const Tensor& a, const Tensor& b)
{
    if (a.shape() != b.shape())
        throw Error("shape-disagree").expected(text(b.shape())).found(text(a.shape()));
    const std::span<const float> left = a.floats(), right = b.floats();
    std::vector<float> values(left.size());
    for (std::size_t i = 0; i < left.size(); ++i) {
        const bool same = left[i] == right[i] || (std::isnan(left[i]) && std::isnan(right[i]));
        values[i] = same ? 0.0f : left[i] - right[i];
    }
    return Tensor::fromFloats(b.shape(), values, b.axes());
}

Tensor toProbabilities(const Tensor& output, OutputForm form, std::optional<std::size_t> classAxis)
{
    if (form != OutputForm::Logits && form != OutputForm::LogProbabilities)
        return output;
    const Shape& shape = output.shape();
    const int labelled = indexOf(output.axes(), "C");
    const std::size_t axis = classAxis.value_or(labelled >= 0 ? static_cast<std::size_t>(labelled) : shape.size() - 1);
    std::size_t inner = 1;
    for (std::size_t d = axis + 1; d < shape.size(); ++d)
        inner *= static_cast<std::size_t>(shape[d]);
    const auto classes = shape.empty() ? std::size_t{1} : static_cast<std::size_t>(shape[axis]);
    const std::span<const float> in = output.floats();
    std::vector<float> out(in.size());
    const std::size_t rows = classes == 0 ? 0 : in.size() / classes;
    for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t start = row / inner * inner * classes + row % inner;
        double greatest = 0, sum = 1;
        if (form == OutputForm::Logits) {
            greatest = -std::numeric_limits<double>::infinity();
            for (std::size_t k = 0; k < classes; ++k)
                greatest = std::max(greatest, static_cast<double>(in[start + k * inner]));
            sum = 0;
            for (std::size_t k = 0; k < classes; ++k)
                sum += std::exp(static_cast<double>(in[start + k * inner]) - greatest);
        }
        for (std::size_t k = 0; k < classes; ++k)
            out[start + k * inner] = static_cast<float>(std::exp(static_cast<double>(in[start + k * inner]) - greatest) / sum);
    }
    return Tensor::fromFloats(shape, out, output.axes());
}

}
