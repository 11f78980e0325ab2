// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/pickle/pickle.h"
#include "core/tensor/tensor.h"

#include <optional>
#include <string>

namespace core::formats {

/// One of the tensors that a tensor of another layout is made of.
struct TorchPart
{
    std::string name; ///< "indices"
    const PickleNode* node = nullptr;
    std::string detail; ///< "indices of a sparse_coo tensor [4,4]"
};

/// A tensor as a pickle describes it: a strided view of a storage that is kept elsewhere under a key. Sizes, strides and offset count
/// elements. A sparse, nested or wrapped tensor has parts and no values of its own; a quantised one may have both.
struct TorchTensor
{
    DType dtype = DType::Opaque;
    Shape shape;
    Shape strides;
    std::int64_t offset = 0;
    std::string storage;                      ///< key; empty when there is none
    SharedBytes bytes;                        ///< the storage itself where the pickle contains it, else null
    bool bigEndian = false;                   ///< of `bytes`
    std::string location;                     ///< "cpu", "cuda:0": told, never acted on
    std::int64_t storageBytes = 0;            ///< as declared
    bool conjugated = false, negated = false; ///< the values are those of the storage with their signs turned
    std::optional<bool> trainable;            ///< told by Parameters only
    std::vector<TorchPart> parts;
    std::string detail;
    std::string problem; ///< why it has no readable values; empty when it has

    bool hasOwnValues() const { return parts.empty() || !shape.empty() || !storage.empty() || bytes || !problem.empty(); }
};

/// Whether a node is one of the calls by which PyTorch rebuilds a tensor, Parameter or storage (torch/_utils.py), or a NumPy array.
bool isTorchTensor(const PickleNode& node);
bool isNumpyArray(const PickleNode& node);

/// Reads such a call. Never throws: a wrong arity, type, size, or a view beyond its storage is told in `problem`.
TorchTensor torchTensor(const PickleNode& node);

/// Sets `problem` when shape, strides and offset do not fit into the storage, all in 64 bits with overflow checked.
void checkTorchTensor(TorchTensor& tensor);

/// "float32 [64,3]", of a tensor inside something that is shown in one line.
std::string torchTensorText(const PickleNode& node);

/// The global behind a class: itself, or inside the legacy stream's persistent ('module', class, source file, source text) or the tar
/// archive's (class, source file, source text). Null for others.
const PickleNode* torchGlobal(const PickleNode& node);

}
