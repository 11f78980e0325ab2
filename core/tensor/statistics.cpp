// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace core {

namespace {

/// Double keeps float64 and 32-bit integers exact; everything else goes through float32.
std::vector<double> doubles(const Tensor& tensor)
{
    std::vector<double> values(static_cast<std::size_t>(tensor.count()));
    if (tensor.dtype() == DType::Float64) {
        if (!values.empty())
            std::memcpy(values.data(), tensor.bytes().data(), values.size() * sizeof(double));
        return values;
    }
    const Tensor widened = tensor.toFloat32();
    std::transform(widened.floats().begin(), widened.floats().end(), values.begin(), [](float v) { return static_cast<double>(v); });
    return values;
}

}

Statistics statistics(const Tensor& tensor)
{
    const std::vector<double> values = doubles(tensor);
    Statistics result;
    result.count = tensor.count();
    double sum = 0;
    std::int64_t finite = 0;
    for (const double value : values) {
        result.nans += std::isnan(value);
        result.infs += std::isinf(value);
        if (!std::isfinite(value))
            continue;
        result.zeros += value == 0;
        result.min = finite == 0 ? value : std::min(result.min, value);
        result.max = finite == 0 ? value : std::max(result.max, value);
        sum += value;
        ++finite;
    }
    if (finite == 0)
        return result;
    result.mean = sum / static_cast<double>(finite);
    double squares = 0;
    for (const double value : values)
        if (std::isfinite(value))
            squares += (value - result.mean) * (value - result.mean);
    result.std = std::sqrt(squares / static_cast<double>(finite));
    return result;
}

std::vector<std::int64_t> histogram(const Tensor& tensor, double low, double high, int bins)
{
    std::vector<std::int64_t> counts(static_cast<std::size_t>(std::max(bins, 1)), 0);
    const double width = (high - low) / static_cast<double>(counts.size());
    for (const double value : doubles(tensor)) {
        if (!std::isfinite(value) || value < low || value > high)
            continue;
        const double bin = width > 0 ? (value - low) / width : 0;
        ++counts[std::min(static_cast<std::size_t>(bin), counts.size() - 1)];
    }
    return counts;
}

}
