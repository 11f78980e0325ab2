// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/torch/torchtensor.h"

#include <span>

namespace core::formats {

using TorchArguments = std::span<const PickleNode* const>;

/// The argument `index` of a function; throws TorchProblem when there are fewer.
const PickleNode& torchArgument(TorchArguments arguments, std::size_t index, std::string_view function);

/// The storage behind a persistent id, or inside the pickle itself: dtype, key and size; the offset of a view of it. Throws TorchProblem.
void readTorchStorage(const PickleNode& node, TorchTensor& tensor);
/// _rebuild_tensor, its versions 2 and 3, and _rebuild_qtensor. Throws TorchProblem.
void readTorchStrided(std::string_view function, TorchArguments arguments, TorchTensor& tensor);

/// A quantised tensor's scales and zero points: (qscheme, scale, zero point) or (qscheme, scales, zero points, axis). Throws TorchProblem.
void readQuantiser(const PickleNode& quantiser, TorchTensor& tensor);

/// Tensors of another layout, sparse, nested and jagged ones, and wrappers whose state holds tensors: into their parts. False when the
/// function is none of them; throws TorchProblem.
bool readTorchParts(std::string_view function, TorchArguments arguments, TorchTensor& tensor);

/// Every tensor of a tensor subclass' state as a part.
void addStateParts(const PickleNode& state, std::string_view className, TorchTensor& tensor);

}
