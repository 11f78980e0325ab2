// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/pickle/pickle.h"
#include "core/tensor/dtype.h"
#include "core/tensor/shape.h"

#include <optional>
#include <string>

namespace core::formats {

/// A tensor as a pickle describes it: a strided view of a storage that is kept elsewhere under a key. Sizes, strides and offset count
/// elements.
struct TorchTensor
{
    DType dtype = DType::Opaque;
    Shape shape;
    Shape strides;
    std::int64_t offset = 0;
    std::string storage;           ///< key; empty when there is none
    std::string location;          ///< "cpu", "cuda:0": told, never acted on
    std::int64_t storageBytes = 0; ///< as declared
    std::optional<bool> trainable; ///< told by Parameters only
    std::string problem;           ///< why it has no readable values; empty when it has
};

/// Whether a node is one of the calls by which PyTorch rebuilds a tensor or Parameter (torch/_utils.py).
bool isTorchTensor(const PickleNode& node);

/// Reads such a call. Never throws: a wrong arity, type, size, or a view beyond its storage is told in `problem`.
TorchTensor torchTensor(const PickleNode& node);

/// The global behind a class: itself, or inside the legacy stream's persistent ('module', class, source file, source text). Null for
/// others.
const PickleNode* torchGlobal(const PickleNode& node);

}
