// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/write.h"

#include <memory>
#include <span>

namespace core {
class File;
}

namespace core::formats {

class ZipDirectory;
struct ZipEntry;

/// A .npy array (version 1 to 3, C or Fortran order, either byte order; no object arrays). Throws Error("npy-...").
Tensor readNpy(std::span<const std::byte> bytes, std::string_view where);
/// A .npy array that is listed before it is read.
struct NpyArray
{
    TensorSource source;
    std::string problem; ///< why its values cannot be read (Python objects, records, texts), else empty
};
/// The array whose .npy begins `offset` bytes into `file` and has `length` bytes in all. Only its header is read; byte order and Fortran
/// order are told by the source. Throws Error("npy-...") where the header is damaged or tells another length.
NpyArray npyArray(const std::shared_ptr<const File>& file, std::uint64_t offset, std::uint64_t length, std::string_view where);
/// The same for an entry of an archive; a deflated one is inflated when it is read, at most `inflateLimit` bytes.
NpyArray npyArray(const std::shared_ptr<const ZipDirectory>& archive, const ZipEntry& entry,
                  std::uint64_t inflateLimit = std::uint64_t{1} << 34);

/// Reads a .npy (one tensor called "x0") or .npz file (stored or deflated entries, names without ".npy"), or only the entries `wanted` when
/// not empty. Throws Error("npy-..."), Error("npz-...").
NamedTensors readNpyOrNpz(const std::string& path, std::span<const std::string> wanted = {});
/// Version 1.0, C order, little-endian; types that NumPy lacks become those that hold their values (numpyType). Throws Error("npy-dtype").
void writeNpy(const std::string& path, const Tensor& tensor);
/// A zip of stored .npy entries, written atomically.
void writeNpz(const std::string& path, const NamedTensors& tensors);

}
