// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/files/atomicfile.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace core::formats {

/// Writes a zip archive of stored entries whose data starts at multiples of 64 bytes, as PyTorch does it (an extra field "FB" filled with
/// 'Z'). Turns to zip64 for sizes and offsets beyond 4 GiB and more than 65,534 entries. The caller commits the file.
class ZipWriter
{
public:
    explicit ZipWriter(AtomicFile& file) : m_file(file) {}

    /// `name` at most 65,535 bytes; the entry's data is `bytes`, with `rest` behind them.
    void add(std::string_view name, std::span<const std::byte> bytes, std::span<const std::byte> rest = {});
    void add(std::string_view name, std::string_view text) { add(name, std::as_bytes(std::span(text))); }
    /// Writes the directory; nothing can be added any more.
    void finish();

private:
    struct Entry
    {
        std::string name;
        std::uint64_t headerOffset = 0, size = 0;
        std::uint32_t crc = 0;
    };
    AtomicFile& m_file;
    std::vector<Entry> m_entries;
};

}
