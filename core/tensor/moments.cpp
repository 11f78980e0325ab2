// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/moments.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

// A second version of the loops for newer processors, chosen when the program starts.
#if defined(__x86_64__) && !defined(TIEOUT_SANITIZED)
#define TIEOUT_VECTORISED __attribute__((target_clones("avx2", "default")))
#else
#define TIEOUT_VECTORISED
#endif

namespace core {

namespace {

/// Independent sums beside each other, as wide registers hold them.
constexpr std::size_t lanes = 16;

struct Sums
{
    std::int64_t zeros = 0, strange = 0;
    double min = 0, max = 0, sum = 0;
};

/// Over a multiple of `lanes` values; min, max and sum mean nothing when a value is not finite.
TIEOUT_VECTORISED void sumUp(const double* values, std::size_t count, Sums& out)
{
    std::array<double, lanes> low, high, sum{};
    std::array<std::int64_t, lanes> zeros{}, strange{};
    for (std::size_t k = 0; k < lanes; ++k)
        low[k] = high[k] = values[k];
    for (std::size_t i = 0; i < count; i += lanes)
        for (std::size_t k = 0; k < lanes; ++k) {
            const double value = values[i + k];
            low[k] = value < low[k] ? value : low[k];
            high[k] = value > high[k] ? value : high[k];
            sum[k] += value;
            zeros[k] += value == 0 ? 1 : 0;
            strange[k] += value - value == 0 ? 0 : 1;
        }
    out.min = low[0];
    out.max = high[0];
    for (std::size_t k = 0; k < lanes; ++k) {
        out.min = std::min(out.min, low[k]);
        out.max = std::max(out.max, high[k]);
        out.sum += sum[k];
        out.zeros += zeros[k];
        out.strange += strange[k];
    }
}

TIEOUT_VECTORISED double squaresAround(const double* values, std::size_t count, double mean)
{
    std::array<double, lanes> sum{};
    for (std::size_t i = 0; i < count; i += lanes)
        for (std::size_t k = 0; k < lanes; ++k) {
            const double distance = values[i + k] - mean;
            sum[k] += distance * distance;
        }
    double total = 0;
    for (const double part : sum)
        total += part;
    return total;
}

/// Joins the moments of two disjoint sets of finite values.
void join(Moments& all, const Moments& block)
{
    if (block.finite == 0)
        return;
    const double n = static_cast<double>(all.finite), m = static_cast<double>(block.finite), step = block.mean - all.mean;
    all.min = all.finite == 0 ? block.min : std::min(all.min, block.min);
    all.max = all.finite == 0 ? block.max : std::max(all.max, block.max);
    all.mean += step * (m / (n + m));
    all.squares += block.squares + step * step * (n * m / (n + m));
    all.finite += block.finite;
}

Moments ofFinite(std::span<const double> values)
{
    const std::size_t whole = values.size() / lanes * lanes;
    Sums sums;
    if (whole > 0)
        sumUp(values.data(), whole, sums);
    else
        sums.min = sums.max = values.front();
    for (const double value : values.subspan(whole)) {
        sums.min = std::min(sums.min, value);
        sums.max = std::max(sums.max, value);
        sums.sum += value;
        sums.zeros += value == 0;
        sums.strange += !std::isfinite(value);
    }
    Moments block;
    block.zeros = sums.zeros;
    if (sums.strange > 0) {
        block.finite = -1;
        return block;
    }
    block.finite = static_cast<std::int64_t>(values.size());
    block.min = sums.min;
    block.max = sums.max;
    block.mean = sums.sum / static_cast<double>(values.size());
    block.squares = squaresAround(values.data(), whole, block.mean);
    for (const double value : values.subspan(whole))
        block.squares += (value - block.mean) * (value - block.mean);
    return block;
}

}

void Moments::add(std::span<const double> block)
{
    if (block.empty())
        return;
    Moments moments = ofFinite(block);
    zeros += moments.zeros;
    if (moments.finite >= 0 && std::isfinite(moments.squares))
        return join(*this, moments);
    std::vector<double> rest;
    rest.reserve(block.size());
    for (const double value : block) {
        nans += std::isnan(value);
        infs += std::isinf(value);
        if (std::isfinite(value))
            rest.push_back(value);
    }
    if (!rest.empty())
        join(*this, ofFinite(rest));
}

}
