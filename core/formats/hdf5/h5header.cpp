// SPDX-License-Identifier: GPL-3.0-or-later
// What the superblock tells (HDF5 File Format Specification III.A): where the file ends, and who has it open.
#include "core/base/error.h"
#include "core/formats/hdf5/h5file.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::formats {

namespace {

constexpr std::string_view signature = "\x89HDF\r\n\x1a\n";

bool isSignature(std::span<const std::byte> bytes)
{
    return bytes.size() >= signature.size() &&
           std::equal(signature.begin(), signature.end(), bytes.begin(), [](char a, std::byte b) { return std::byte(a) == b; });
}

std::uint64_t little(std::span<const std::byte> bytes, std::size_t at, std::size_t size)
{
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;)
        value = value << 8 | std::to_integer<std::uint64_t>(bytes[at + i]);
    return value;
}

/// The first place of the signature, behind user blocks of 512 bytes and twice as much again and again.
std::optional<std::uint64_t> superblock(const H5Place& place)
{
    std::array<std::byte, 8> bytes;
    for (std::uint64_t at = 0; at < place.size && place.size - at >= bytes.size(); at = at == 0 ? 512 : at * 2) {
        place.file->read(place.base + at, bytes);
        if (isSignature(bytes))
            return at;
    }
    return {};
}

struct Superblock
{
    std::uint64_t end = 0; ///< where the file should end; 0 when it does not say
    unsigned flags = 0;
};

std::optional<Superblock> parsed(std::span<const std::byte> bytes)
{
    if (bytes.size() < 64)
        return {};
    const auto version = little(bytes, 8, 1);
    const std::size_t addressSize = little(bytes, version < 2 ? 13 : 9, 1);
    if (version > 3 || addressSize != 8)
        return {};
    const std::size_t base = version == 0 ? 24 : version == 1 ? 28 : 12;
    return Superblock{little(bytes, base + 16, 8), version == 3 ? static_cast<unsigned>(little(bytes, 11, 1)) : 0U};
}

}

bool isHdf5(std::span<const std::byte> head, const File& file)
{
    if (isSignature(head))
        return true;
    std::array<std::byte, 8> bytes;
    for (std::uint64_t at = 512; at < file.size() && file.size() - at >= bytes.size(); at *= 2) {
        try {
            file.read(at, bytes);
        } catch (const Error&) {
            return false;
        }
        if (isSignature(bytes))
            return true;
    }
    return false;
}

H5Diagnosis diagnoseH5(const H5Place& place)
{
    const auto start = superblock(place);
    if (!start)
        return {"no HDF5 signature", "", false};
    const auto room = std::min<std::uint64_t>(place.size - *start, 64);
    const auto block = parsed(place.file->read(place.base + *start, room));
    if (room < 64)
        return {fmt::format("{} bytes, which is less than its header", place.size), "The file was cut short: fetch it again.", false};
    if (!block)
        return {"a header of an unknown version, or a damaged one", "", false};
    if (constexpr unsigned openForWriting = 1, openForManyReaders = 4; (block->flags & (openForWriting | openForManyReaders)) != 0)
        return {"a file that a program has open for writing, or left open when it ended",
                "Wait until it is written; if nobody writes it any more, h5clear -s repairs it.", true};
    // The end is counted from the beginning, or, in files with a user block by some writers, from the superblock.
    if (block->end != UINT64_MAX && block->end > place.size)
        return {fmt::format("{} of its {} bytes", place.size, block->end), "The file was cut short, or is still being written.", false};
    return {};
}

}
