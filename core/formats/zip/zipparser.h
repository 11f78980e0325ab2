// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/files/filewindow.h"
#include "core/formats/zip/zipdirectory.h"

#include <span>

namespace core::formats {

/// Finds and checks the records of a zip archive; the work behind ZipDirectory::read.
class ZipParser
{
public:
    explicit ZipParser(const File& file) : m_file(file) {}

    std::vector<ZipEntry> entries(const Progress& progress);
    /// Whether the directory alone has a name that ends so; throws like entries().
    bool hasName(std::string_view ending) const;

    static constexpr std::uint64_t directoryLimit = std::uint64_t{1} << 28, entryLimit = 1'000'000;

private:
    /// What the end record (and its zip64 form) says.
    struct End
    {
        std::uint64_t position = 0; ///< of the first record behind the directory
        std::uint64_t entries = 0, directorySize = 0, directoryOffset = 0;
    };
    /// One central header with the local header's place.
    struct Central
    {
        ZipEntry entry;
        std::uint64_t headerOffset = 0;
        std::uint64_t disk = 0;
        std::uint16_t flags = 0;
    };

    End findEnd() const;
    End zip64End(End end, std::uint64_t locator) const;
    std::vector<std::byte> directoryBytes(const End& end) const;
    std::vector<Central> readDirectory(const End& end) const;
    std::size_t readCentral(std::span<const std::byte> bytes, std::size_t at, Central& out) const;
    void readZip64Extra(std::span<const std::byte> extra, Central& out) const;
    void checkCentral(const Central& central) const;
    /// Reads the local header, compares it, and sets the entry's data offset.
    void readLocal(Central& central, std::uint64_t directoryOffset, FileWindow& window) const;
    void checkOverlaps(std::vector<Central>& centrals, std::uint64_t directoryOffset) const;

    [[noreturn]] void fail(std::string_view id, std::string_view expected, std::string_view found, std::string_view at = {}) const;

    const File& m_file;
};

}
