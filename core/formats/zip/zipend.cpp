// SPDX-License-Identifier: GPL-3.0-or-later
// Finding the end record of a zip archive, plain and zip64.
#include "core/formats/zip/zipnumbers.h"
#include "core/formats/zip/zipparser.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

/// The record whose comment ends with the file. Two such records mean that readers may disagree on what the archive holds.
ZipParser::End ZipParser::findEnd() const
{
    constexpr std::uint64_t recordSize = 22, reach = recordSize + 0xFFFF;
    const std::uint64_t start = m_file.size() > reach ? m_file.size() - reach : 0;
    const std::vector<std::byte> tail = m_file.read(start, m_file.size() - start);
    std::vector<std::size_t> candidates;
    bool hasSignature = false;
    const std::string_view text(reinterpret_cast<const char*>(tail.data()), tail.size());
    for (std::size_t at = text.find("PK\5\6"); at != text.npos; at = text.find("PK\5\6", at + 1)) {
        hasSignature = true;
        if (at + recordSize <= tail.size() && at + recordSize + littleEndian(tail, at + 20, 2) == tail.size())
            candidates.push_back(at);
    }
    if (candidates.empty())
        fail("cut", "a zip archive with its directory at the end",
             hasSignature ? "a damaged end record or bytes behind it" : "none: the file is cut short",
             fmt::format("byte {}", m_file.size()));
    if (candidates.size() > 1)
        fail("ambiguous", "one end record", fmt::format("{}", candidates.size()));
    const std::size_t at = candidates.front();
    const std::uint64_t disk = littleEndian(tail, at + 4, 2), directoryDisk = littleEndian(tail, at + 6, 2);
    if ((disk != 0 && disk != ones16) || (directoryDisk != 0 && directoryDisk != ones16))
        fail("disks", "an archive in one file", fmt::format("disk {} of several", disk + 1));
    End end{start + at, littleEndian(tail, at + 10, 2), littleEndian(tail, at + 12, 4), littleEndian(tail, at + 16, 4)};
    if (at >= 20 && littleEndian(tail, at - 20, 4) == zip64LocatorMagic)
        end = zip64End(end, end.position - 20);
    else if (littleEndian(tail, at + 8, 2) != end.entries)
        fail("count", "one number of entries", "two different ones", "end record");
    if (end.directoryOffset > end.position || end.directorySize > end.position - end.directoryOffset)
        fail("outside", "a directory inside the file", fmt::format("{} bytes at byte {}", end.directorySize, end.directoryOffset),
             "end record");
    if (end.directoryOffset + end.directorySize != end.position)
        fail("junk", fmt::format("the directory to end at byte {}", end.position),
             fmt::format("byte {}", end.directoryOffset + end.directorySize), "end record");
    return end;
}

ZipParser::End ZipParser::zip64End(End end, std::uint64_t locator) const
{
    const std::vector<std::byte> locatorBytes = m_file.read(locator, 20);
    const std::uint64_t position = littleEndian(locatorBytes, 8, 8);
    if (littleEndian(locatorBytes, 4, 4) != 0 || littleEndian(locatorBytes, 16, 4) > 1)
        fail("disks", "an archive in one file", "several disks", "zip64 locator");
    constexpr std::uint64_t recordSize = 56;
    if (locator < recordSize || position > locator - recordSize)
        fail("outside", "a zip64 end record before its locator", fmt::format("byte {}", position), "zip64 locator");
    const std::vector<std::byte> record = m_file.read(position, recordSize);
    if (littleEndian(record, 0, 4) != zip64EndMagic)
        fail("cut", "a zip64 end record", "something else", fmt::format("byte {}", position));
    if (littleEndian(record, 16, 4) != 0 || littleEndian(record, 20, 4) != 0)
        fail("disks", "an archive in one file", "several disks", "zip64 end record");
    const End wide{position, littleEndian(record, 32, 8), littleEndian(record, 40, 8), littleEndian(record, 48, 8)};
    const bool agrees = (end.entries == ones16 || end.entries == wide.entries) &&
                        (end.directorySize == ones32 || end.directorySize == wide.directorySize) &&
                        (end.directoryOffset == ones32 || end.directoryOffset == wide.directoryOffset);
    if (!agrees)
        fail("count", "the same numbers in both end records", "different ones", "zip64 end record");
    return wide;
}

}
