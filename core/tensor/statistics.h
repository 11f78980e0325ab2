// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/tensor/source.h"

#include <vector>

namespace core {

/// Over all elements; min, max, mean and std over the finite ones only (0 when there are none). std is the population's. Quantised
/// elements are their stored integers.
struct Statistics
{
    double min = 0, max = 0, mean = 0, std = 0;
    std::int64_t count = 0, zeros = 0, nans = 0, infs = 0;
};

/// Whether a type has statistics: complex, packed and opaque ones have none.
bool hasStatistics(DType dtype);

/// Read piece by piece, in double precision. Throws Error("dtype-not-numeric") for types without statistics, Cancelled, and what
/// read() throws.
Statistics statistics(const TensorSource& source, const Progress& progress = Progress());
Statistics statistics(const Tensor& tensor);

/// Counts of the finite values in `bins` equal bins over [low, high]; values outside are left out.
std::vector<std::int64_t> histogram(const TensorSource& source, double low, double high, int bins, const Progress& progress = Progress());
std::vector<std::int64_t> histogram(const Tensor& tensor, double low, double high, int bins);

}
