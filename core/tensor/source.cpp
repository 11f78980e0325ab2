// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/source.h"

#include "core/base/error.h"
#include "core/files/file.h"

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

/// Elements from the first to the last one that the view touches.
std::int64_t extent(const Shape& shape, const Shape& strides)
{
    std::int64_t last = 0;
    for (std::size_t d = 0; d < shape.size(); ++d)
        last += (shape[d] - 1) * strides[d];
    return last + 1;
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

SharedBytes readRegion(const FileRegion& region, DType dtype, const Shape& shape, std::uint64_t limit)
{
    const std::size_t size = itemSize(dtype);
    const std::int64_t count = elementCount(shape);
    if (count == 0 || size == 0)
        return std::make_shared<std::vector<std::byte>>();
    const bool dense = region.strides == denseStrides(shape);
    const auto elements = static_cast<std::uint64_t>(dense ? count : extent(shape, region.strides));
    if (elements > limit / size)
        throw Error("tensor-too-large").file(region.file->path()).expected(fmt::format("at most {} bytes", limit)).found(text(shape));
    std::vector<std::byte> raw = region.file->read(region.offset, elements * size);
    if (region.bigEndian)
        swapBytes(raw, dtype == DType::Complex64 || dtype == DType::Complex128 || dtype == DType::Complex32 ? size / 2 : size);
    if (dense)
        return std::make_shared<const std::vector<std::byte>>(std::move(raw));
    return gathered(raw, shape, region.strides, size);
}

}

Tensor read(const TensorSource& source, std::uint64_t limit)
{
    const auto count = static_cast<std::uint64_t>(elementCount(source.shape));
    if (itemSize(source.dtype) != 0 && count > limit / itemSize(source.dtype))
        throw Error("tensor-too-large").expected(fmt::format("at most {} bytes", limit)).found(text(source.shape));
    if (const auto* bytes = std::get_if<SharedBytes>(&source.data))
        return Tensor(source.dtype, source.shape, *bytes);
    if (const auto* dataset = std::get_if<WorkerDataset>(&source.data))
        return Tensor(source.dtype, source.shape, dataset->read());
    return Tensor(source.dtype, source.shape, readRegion(std::get<FileRegion>(source.data), source.dtype, source.shape, limit));
}

}
