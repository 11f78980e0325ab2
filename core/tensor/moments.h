// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

namespace core {

/// Count, range, mean and squared deviations of numbers that come in blocks. Blocks are joined by Chan's formula, so that the result does
/// not suffer from a mean far from zero.
struct Moments
{
    double min = 0, max = 0, mean = 0, squares = 0; ///< of the finite values
    std::int64_t finite = 0, zeros = 0, nans = 0, infs = 0;

    void add(std::span<const double> block);
};

}
