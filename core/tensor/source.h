// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace core {

class File;

/// Elements in a file: `offset` in bytes of the first element, `strides` in elements, little-endian unless `bigEndian`.
struct FileRegion
{
    std::shared_ptr<const File> file;
    std::uint64_t offset = 0;
    Shape strides;
    bool bigEndian = false;
};

/// A dataset that only a worker can read (chunked, filtered); `read` returns the dense row-major bytes and throws Error.
struct WorkerDataset
{
    std::string name;
    std::function<SharedBytes()> read;
};

/// Where a tensor's values are: nothing is read until read(source). Can be copied, checked and shown for free.
struct TensorSource
{
    DType dtype = DType::Float32;
    Shape shape;
    std::variant<SharedBytes, FileRegion, WorkerDataset> data;
    std::shared_ptr<const TensorSource> stored = {}; ///< what the file holds, where these values are that in another order
};

/// Reads the values, gathering by strides. Throws Error: a short read, a file changed since it was opened, more bytes than `limit`.
Tensor read(const TensorSource& source, std::uint64_t limit = std::uint64_t{1} << 36);

}
