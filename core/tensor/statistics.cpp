// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/statistics.h"

#include "core/base/error.h"
#include "core/tensor/doubles.h"
#include "core/tensor/moments.h"
#include "core/tensor/stream.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace core {

namespace {

/// Hands over all values in blocks that stay in the processor's nearest cache.
template <typename Take>
void eachBlock(const TensorSource& source, const Progress& progress, Take take)
{
    if (!isReal(source.dtype))
        throw Error("dtype-not-numeric").expected("a real number type").found(name(source.dtype));
    const std::size_t item = itemSize(source.dtype);
    std::array<double, 2048> block;
    streamBytes(
        source,
        [&](std::span<const std::byte> bytes) {
            for (std::size_t done = 0, count = bytes.size() / item; done < count; done += block.size()) {
                const std::size_t part = std::min(block.size(), count - done);
                toDoubles(source.dtype, bytes.data() + done * item, part, block.data());
                take(std::span<const double>(block).first(part));
            }
        },
        progress);
}

TensorSource sourceOf(const Tensor& tensor)
{
    return {tensor.dtype(), tensor.shape(), tensor.sharedBytes()};
}

}

bool hasStatistics(DType dtype)
{
    return isReal(dtype);
}

Statistics statistics(const TensorSource& source, const Progress& progress)
{
    Moments moments;
    eachBlock(source, progress, [&](std::span<const double> block) { moments.add(block); });
    Statistics result{moments.min, moments.max, moments.mean, 0, elementCount(source.shape), moments.zeros, moments.nans, moments.infs};
    if (moments.finite > 0)
        result.std = std::sqrt(moments.squares / static_cast<double>(moments.finite));
    return result;
}

Statistics statistics(const Tensor& tensor)
{
    return statistics(sourceOf(tensor));
}

std::vector<std::int64_t> histogram(const TensorSource& source, double low, double high, int bins, const Progress& progress)
{
    std::vector<std::int64_t> counts(static_cast<std::size_t>(std::max(bins, 1)), 0);
    const double width = (high - low) / static_cast<double>(counts.size());
    eachBlock(source, progress, [&](std::span<const double> block) {
        for (const double value : block) {
            if (!std::isfinite(value) || value < low || value > high)
                continue;
            const double bin = width > 0 ? (value - low) / width : 0;
            ++counts[std::min(static_cast<std::size_t>(bin), counts.size() - 1)];
        }
    });
    return counts;
}

std::vector<std::int64_t> histogram(const Tensor& tensor, double low, double high, int bins)
{
    return histogram(sourceOf(tensor), low, high, bins);
}

}
