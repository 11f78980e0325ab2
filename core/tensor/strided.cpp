// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/strided.h"

#include "core/base/error.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace core {

namespace {

void swapBytes(std::vector<std::byte>& bytes, std::size_t size)
{
    for (std::size_t i = 0; size > 1 && i + size <= bytes.size(); i += size)
        std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i), bytes.begin() + static_cast<std::ptrdiff_t>(i + size));
}

SharedBytes gathered(const std::vector<std::byte>& raw, const Shape& shape, const Shape& strides, std::size_t size)
{
    const std::int64_t count = elementCount(shape);
    auto out = std::make_shared<std::vector<std::byte>>(static_cast<std::size_t>(count) * size);
    Shape index(shape.size(), 0);
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        std::memcpy(out->data() + i * size, raw.data() + static_cast<std::size_t>(offset) * size, size);
        for (std::size_t d = shape.size(); d-- > 0;) {
            offset += strides[d];
            if (++index[d] < shape[d])
                break;
            offset -= strides[d] * shape[d];
            index[d] = 0;
        }
    }
    return out;
}

bool isComplex(DType dtype)
{
    return dtype == DType::Complex32 || dtype == DType::Complex64 || dtype == DType::Complex128;
}

}

bool isDense(const Shape& shape, const Shape& strides)
{
    const Shape dense = denseStrides(shape);
    for (std::size_t d = 0; d < shape.size(); ++d)
        if (shape[d] > 1 && strides[d] != dense[d])
            return false;
    return true;
}

std::int64_t stridedExtent(const Shape& shape, const Shape& strides)
{
    std::int64_t last = 0;
    for (std::size_t d = 0; d < shape.size(); ++d)
        last += (shape[d] - 1) * strides[d];
    return last + 1;
}

SharedBytes denseBytes(std::vector<std::byte> raw, DType dtype, const Shape& shape, const Shape& strides, bool bigEndian)
{
    const std::size_t size = itemSize(dtype);
    const auto count = static_cast<std::size_t>(elementCount(shape));
    if (count == 0 || size == 0)
        return std::make_shared<std::vector<std::byte>>();
    const bool dense = isDense(shape, strides);
    const std::size_t needed = (dense ? count : static_cast<std::size_t>(stridedExtent(shape, strides))) * size;
    if (needed > raw.size())
        throw Error("tensor-bytes").expected(fmt::format("{} bytes for shape {}", needed, text(shape))).found(fmt::to_string(raw.size()));
    if (bigEndian)
        swapBytes(raw, isComplex(dtype) ? size / 2 : size);
    raw.resize(needed);
    if (dense)
        return std::make_shared<const std::vector<std::byte>>(std::move(raw));
    return gathered(raw, shape, strides, size);
}

}
