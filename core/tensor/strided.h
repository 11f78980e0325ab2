// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

namespace core {

/// Whether the elements stand one behind the other in row-major order; strides of axes of size 1 do not count.
bool isDense(const Shape& shape, const Shape& strides);

/// Elements from the first to the last one that a view touches, both counted; strides count elements and no size is 0.
std::int64_t stridedExtent(const Shape& shape, const Shape& strides);

/// The dense row-major little-endian bytes of a view whose first element is the first of `raw`. Throws Error("tensor-bytes") when the view
/// reaches beyond `raw`.
SharedBytes denseBytes(std::vector<std::byte> raw, DType dtype, const Shape& shape, const Shape& strides, bool bigEndian = false);

}
