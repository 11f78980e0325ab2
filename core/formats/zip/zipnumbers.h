// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace core::formats {

inline constexpr std::uint64_t zipLocalMagic = 0x04034b50, zipCentralMagic = 0x02014b50, zipEndMagic = 0x06054b50,
                               zip64EndMagic = 0x06064b50, zip64LocatorMagic = 0x07064b50;
/// A field of all ones stands for "see the zip64 record".
inline constexpr std::uint64_t ones16 = 0xFFFF, ones32 = 0xFFFFFFFF;

/// Unsigned little-endian number of `width` bytes at `at`; the caller has checked the bounds.
inline std::uint64_t littleEndian(std::span<const std::byte> bytes, std::size_t at, std::size_t width)
{
    std::uint64_t value = 0;
    for (std::size_t i = width; i-- > 0;)
        value = value << 8 | std::to_integer<std::uint64_t>(bytes[at + i]);
    return value;
}

}
