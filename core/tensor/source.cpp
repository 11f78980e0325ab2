// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/source.h"

#include "core/base/error.h"
#include "core/files/file.h"
#include "core/tensor/strided.h"

#include <fmt/format.h>

namespace core {

namespace {

SharedBytes readRegion(const FileRegion& region, DType dtype, const Shape& shape, std::uint64_t limit)
{
    const std::size_t size = itemSize(dtype);
    const std::int64_t count = elementCount(shape);
    if (count == 0 || size == 0)
        return std::make_shared<std::vector<std::byte>>();
    const bool dense = isDense(shape, region.strides);
    const auto elements = static_cast<std::uint64_t>(dense ? count : stridedExtent(shape, region.strides));
    if (elements > limit / size)
        throw Error("tensor-too-large").file(region.file->path()).expected(fmt::format("at most {} bytes", limit)).found(text(shape));
    return denseBytes(region.file->read(region.offset, elements * size), dtype, shape, region.strides, region.bigEndian);
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
