// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/files/file.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace core::formats {

/// One entry of a zip archive, as the central directory has it; `offset` is where its data starts in the file.
struct ZipEntry
{
    std::string name;
    std::uint64_t offset = 0, packedSize = 0, size = 0;
    std::uint32_t crc = 0;
    std::uint16_t method = 0; ///< 0 stored, 8 deflated

    bool isStored() const { return method == 0; }
};

/// The directory of a zip archive (PKWARE APPNOTE 6.3; zip64), checked against the local headers, so that two readers cannot see two
/// different archives: names agree, nothing overlaps, nothing lies outside. Nothing is ever extracted to disk.
class ZipDirectory
{
public:
    ZipDirectory(ZipDirectory&&) = default;
    ZipDirectory& operator=(ZipDirectory&&) = default;
    ZipDirectory(const ZipDirectory&) = delete;
    ZipDirectory& operator=(const ZipDirectory&) = delete;

    /// Throws Error("zip-...") naming the file, the entry and what is wrong: cut short, junk before or behind, several disks, encrypted,
    /// ...
    static ZipDirectory read(std::shared_ptr<const File> file, const Progress& progress = Progress());
    /// "PK\3\4".
    static bool matches(std::span<const std::byte> head);

    const std::shared_ptr<const File>& file() const { return m_file; }
    const std::vector<ZipEntry>& entries() const { return m_entries; }
    const ZipEntry* find(std::string_view name) const;

    /// The bytes of a stored or deflated entry. Throws Error("zip-large") above `limit` bytes (declared or inflated), Error("zip-method")
    /// for another method, Error("zip-deflate") for damaged data. A wrong CRC is told by `crcMatches` only.
    std::vector<std::byte> contents(const ZipEntry& entry, std::uint64_t limit, bool* crcMatches = nullptr) const;

    /// The first bytes of a stored or deflated entry, at most `length` and fewer where damaged data ends early.
    std::vector<std::byte> beginning(const ZipEntry& entry, std::size_t length) const;

private:
    ZipDirectory() = default;

    std::shared_ptr<const File> m_file;
    std::vector<ZipEntry> m_entries;
    std::unordered_map<std::string_view, std::size_t> m_index; ///< views of the entries' names
};

}
