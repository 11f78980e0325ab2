// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace core {

/// Sizes, outermost first. A size of -1 stands for an unknown one (a batch) in declared shapes only.
using Shape = std::vector<std::int64_t>;

/// Product of the sizes; 1 for rank 0. Throws Error("shape-overflow") when it is negative or exceeds 2^62.
std::int64_t elementCount(const Shape& shape);
/// Strides in elements of a dense row-major tensor.
Shape denseStrides(const Shape& shape);
/// "[6,1,5,5]"; unknown sizes as "?".
std::string text(const Shape& shape);

}
