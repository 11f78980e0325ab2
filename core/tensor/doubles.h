// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/dtype.h"

#include <cstddef>

namespace core {

/// Whether an element is one real number: not complex, packed or opaque. Quantised ones are their stored integers.
bool isReal(DType dtype);

/// `count` little-endian elements as doubles; only for real types. Integers beyond 2^53 are rounded.
void toDoubles(DType dtype, const std::byte* elements, std::size_t count, double* out);

}
