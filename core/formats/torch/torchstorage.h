// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/pickle/pickle.h"
#include "core/tensor/dtype.h"
#include "core/tensor/shape.h"

#include <optional>
#include <string>

namespace core::formats {

/// What is wrong with one tensor or storage. Thrown within the decoding of that one and told as its problem; never leaves the decoder.
struct TorchProblem
{
    std::string text;
};

/// ('storage', class, key, location, numel[, (view key, offset, size)]) of a persistent id.
struct TorchStorageId
{
    DType dtype = DType::Opaque;
    std::string key, location;
    std::int64_t count = 0;  ///< elements of the whole storage
    std::int64_t bytes = 0;  ///< the same in bytes
    std::int64_t offset = 0; ///< where the view of PyTorch 0.3 and before begins, in elements; 0 for none
    std::optional<std::int64_t> viewCount;
};

/// Whether the node asks for a storage that lies outside the pickle.
bool isTorchStorage(const PickleNode& node);
/// Throws TorchProblem.
TorchStorageId torchStorageId(const PickleNode& node);

/// Bytes that `count` elements take: elements of quint4x2 and quint2x4 are packed.
std::int64_t torchBytes(DType type, std::int64_t count);
/// The type of torch.<name> ("FloatStorage"). Throws TorchProblem.
DType torchStorageType(std::string_view name);

/// Reading pickled arguments; all throw TorchProblem that names `what`. Lists may be torch.Size; their numbers are not negative.
std::int64_t torchInteger(const PickleNode& node, std::string_view what);
Shape torchIntegers(const PickleNode& node, std::string_view what);

}
