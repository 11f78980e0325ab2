// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/stream.h"

#include "core/files/file.h"
#include "core/files/sha256.h"
#include "core/tensor/box.h"
#include "core/tensor/strided.h"

#include <algorithm>

namespace core {

namespace {

constexpr std::uint64_t pieceBytes = std::uint64_t{1} << 20, partBytes = std::uint64_t{1} << 26, tensorLimit = std::uint64_t{1} << 36;

using Take = std::function<void(std::span<const std::byte>)>;

void streamRegion(const FileRegion& region, std::uint64_t total, const Take& take, const Progress& progress)
{
    std::vector<std::byte> buffer(std::min(total, pieceBytes));
    for (std::uint64_t done = 0; done < total;) {
        const auto piece = std::span(buffer).first(std::min<std::uint64_t>(buffer.size(), total - done));
        region.file->read(region.offset + done, piece);
        take(piece);
        done += piece.size();
        progress.report(static_cast<double>(done) / static_cast<double>(total));
    }
}

/// A part of the outermost axis at a time.
void streamParts(const TensorSource& source, std::uint64_t total, const Take& take, const Progress& progress)
{
    const std::int64_t rows = source.shape.front();
    const std::uint64_t rowBytes = total / static_cast<std::uint64_t>(rows);
    const auto run = static_cast<std::int64_t>(std::max<std::uint64_t>(1, partBytes / std::max<std::uint64_t>(1, rowBytes)));
    Box box{Shape(source.shape.size(), 0), source.shape, {}};
    for (std::int64_t row = 0; row < rows; row += run) {
        box.start[0] = row;
        box.size[0] = std::min(run, rows - row);
        take(readBox(source, box, Progress(), tensorLimit).bytes());
        progress.report(static_cast<double>(row + box.size[0]) / static_cast<double>(rows));
    }
}

}

void streamBytes(const TensorSource& source, const Take& take, const Progress& progress)
{
    const std::uint64_t total = static_cast<std::uint64_t>(elementCount(source.shape)) * itemSize(source.dtype);
    const auto* region = std::get_if<FileRegion>(&source.data);
    if (region && total > 0 && isDense(source.shape, region->strides) && (!region->bigEndian || itemSize(source.dtype) == 1))
        return streamRegion(*region, total, take, progress);
    if (region && total > partBytes && !source.shape.empty())
        return streamParts(source, total, take, progress);
    const Tensor tensor = read(source);
    progress.report(0.5);
    take(tensor.bytes());
    progress.report(1);
}

std::string sha256(const TensorSource& source, const Progress& progress)
{
    Sha256 digest;
    streamBytes(
        source, [&](std::span<const std::byte> bytes) { digest.add(bytes); }, progress);
    return digest.text();
}

}
