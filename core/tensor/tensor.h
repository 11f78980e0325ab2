// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/axes.h"
#include "core/tensor/dtype.h"
#include "core/tensor/shape.h"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace core {

/// Bytes that are shared and never change.
using SharedBytes = std::shared_ptr<const std::vector<std::byte>>;

/// A dense row-major little-endian array with labelled axes. A value: copying shares the bytes, nothing mutates them.
class Tensor
{
public:
    Tensor() = default;
    /// Throws Error("tensor-bytes") unless the number of bytes is elementCount(shape) * itemSize(dtype).
    Tensor(DType dtype, Shape shape, SharedBytes bytes, Axes axes = {});
    static Tensor fromFloats(Shape shape, std::span<const float> values, Axes axes = {});

    DType dtype() const { return m_dtype; }
    const Shape& shape() const { return m_shape; }
    const Axes& axes() const { return m_axes; }
    std::int64_t count() const { return m_count; }
    bool isNull() const { return !m_bytes; }
    std::span<const std::byte> bytes() const;
    const SharedBytes& sharedBytes() const { return m_bytes; }
    /// The values; only for Float32 (assert).
    std::span<const float> floats() const;

    Tensor withAxes(Axes axes) const;
    /// Same bytes seen under another shape of the same count.
    Tensor reshaped(Shape shape, Axes axes = {}) const;
    /// Floats of any size, integers and Bool as Float32 (Float64 and large integers are rounded). Throws
    /// Error("dtype-not-numeric").
    Tensor toFloat32() const;
    /// numpy.transpose, any dtype; labels move along.
    Tensor transposed(std::span<const int> permutation) const;
    /// Moves the elements to another labelling, see relabelling(). Throws Error("axes-disagree").
    Tensor relabelled(const Shape& targetShape, const Axes& target) const;

private:
    DType m_dtype = DType::Float32;
    Shape m_shape;
    Axes m_axes;
    std::int64_t m_count = 0;
    SharedBytes m_bytes;
};

/// Same dtype, shape and bytes (NaN payloads included); labels do not count.
bool sameBits(const Tensor& a, const Tensor& b);

}
