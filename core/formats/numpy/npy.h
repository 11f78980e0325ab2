// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/write.h"

#include <span>

namespace core::formats {

/// A .npy array (version 1 to 3, C or Fortran order, either byte order; no object arrays). Throws Error("npy-...").
Tensor readNpy(std::span<const std::byte> bytes, std::string_view where);
/// Reads a .npy (one tensor called "x0") or .npz file (stored or deflated entries, names without ".npy"), or only the entries `wanted` when
/// not empty. Throws Error("npy-..."), Error("npz-...").
NamedTensors readNpyOrNpz(const std::string& path, std::span<const std::string> wanted = {});
/// Version 1.0, C order, little-endian; bfloat16 is widened, since NumPy has none. Throws Error("npy-dtype") for types that NumPy lacks.
void writeNpy(const std::string& path, const Tensor& tensor);
/// A zip of stored .npy entries, written atomically.
void writeNpz(const std::string& path, const NamedTensors& tensors);

}
