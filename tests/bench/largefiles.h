// SPDX-License-Identifier: GPL-3.0-or-later
// The files that bench_files lists and reads, made by it: their numbers are noise of a fixed seed.
#pragma once

#include <cstddef>
#include <string>

namespace bench {

/// A gibibyte in 544 equal float32 tensors, as torch.save's zip, as its legacy stream, and as datasets of an HDF5 file.
struct LargeFile
{
    static constexpr std::size_t tensors = 544, rows = 512, columns = 964;
    static constexpr std::size_t tensorBytes = rows * columns * sizeof(float), bytes = tensors * tensorBytes;
};
void writeLargeZip(const std::string& path);
void writeLargeLegacy(const std::string& path);
void writeLargeHdf5(const std::string& path);

/// A state dict of `count` tensors of one number each, in a zip container.
void writeManyTensors(const std::string& path, std::size_t count);
/// A dict of one tensor and `count` numbers, in a zip container.
void writeManyKeys(const std::string& path, std::size_t count);

}
