// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <vector>

namespace core {

/// Over all elements; min, max, mean and std over the finite ones only (0 when there are none). std is the population's.
struct Statistics
{
    double min = 0, max = 0, mean = 0, std = 0;
    std::int64_t count = 0, zeros = 0, nans = 0, infs = 0;
};

/// Throws Error("dtype-not-numeric") for complex, quantised and opaque tensors.
Statistics statistics(const Tensor& tensor);

/// Counts of the finite values in `bins` equal bins over [low, high]; values outside are left out.
std::vector<std::int64_t> histogram(const Tensor& tensor, double low, double high, int bins);

}
