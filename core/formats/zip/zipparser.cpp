// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/zip/zipparser.h"

#include "core/base/error.h"
#include "core/formats/zip/zipnumbers.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_set>

namespace core::formats {

void ZipParser::fail(std::string_view id, std::string_view expected, std::string_view found, std::string_view at) const
{
    throw Error("zip-" + std::string(id)).file(m_file.path()).expected(expected).found(found).at(at);
}

std::vector<ZipEntry> ZipParser::entries(const Progress& progress)
{
    const End end = findEnd();
    std::vector<Central> centrals = readDirectory(end);
    std::unordered_set<std::string_view> names;
    names.reserve(centrals.size());
    FileWindow window(m_file);
    for (std::size_t i = 0; i < centrals.size(); ++i) {
        if (i % 256 == 0)
            progress.report(0.5 * static_cast<double>(i) / static_cast<double>(centrals.size()));
        if (!names.insert(centrals[i].entry.name).second)
            fail("name-twice", "every name once", "a second entry", printable(centrals[i].entry.name));
        checkCentral(centrals[i]);
        readLocal(centrals[i], end.directoryOffset, window);
    }
    checkOverlaps(centrals, end.directoryOffset);
    std::vector<ZipEntry> result;
    result.reserve(centrals.size());
    for (Central& central : centrals)
        result.push_back(std::move(central.entry));
    return result;
}

bool ZipParser::hasName(std::string_view ending) const
{
    const std::vector<std::byte> bytes = directoryBytes(findEnd());
    constexpr std::size_t fixed = 46;
    for (std::size_t at = 0; at + fixed <= bytes.size();) {
        const auto header = std::span(bytes).subspan(at);
        const auto nameLength = static_cast<std::size_t>(littleEndian(header, 28, 2));
        if (littleEndian(header, 0, 4) != zipCentralMagic || nameLength > header.size() - fixed)
            return false;
        if (std::string_view(reinterpret_cast<const char*>(header.data()) + fixed, nameLength).ends_with(ending))
            return true;
        at += fixed + nameLength + static_cast<std::size_t>(littleEndian(header, 30, 2) + littleEndian(header, 32, 2));
    }
    return false;
}

std::vector<std::byte> ZipParser::directoryBytes(const End& end) const
{
    if (end.directorySize > directoryLimit || end.entries > entryLimit)
        fail("large", fmt::format("a directory of at most {} entries", entryLimit),
             fmt::format("{} entries, {} bytes", end.entries, end.directorySize));
    return m_file.read(end.directoryOffset, end.directorySize);
}

std::vector<ZipParser::Central> ZipParser::readDirectory(const End& end) const
{
    const std::vector<std::byte> bytes = directoryBytes(end);
    std::vector<Central> centrals;
    centrals.reserve(std::min<std::size_t>(end.entries, bytes.size() / 46));
    for (std::size_t at = 0; at < bytes.size();) {
        Central central;
        at = readCentral(bytes, at, central);
        centrals.push_back(std::move(central));
    }
    if (centrals.size() != end.entries)
        fail("count", fmt::format("{} entries, as the end record says", end.entries), fmt::format("{}", centrals.size()), "directory");
    return centrals;
}

std::size_t ZipParser::readCentral(std::span<const std::byte> bytes, std::size_t at, Central& out) const
{
    const auto where = [at] { return fmt::format("directory byte {}", at); };
    const auto header = bytes.subspan(at);
    if (header.size() < 46 || littleEndian(header, 0, 4) != zipCentralMagic)
        fail("directory", "an entry of the directory", "something else", where());
    const auto nameLength = static_cast<std::size_t>(littleEndian(header, 28, 2)),
               extraLength = static_cast<std::size_t>(littleEndian(header, 30, 2)),
               commentLength = static_cast<std::size_t>(littleEndian(header, 32, 2));
    const std::size_t length = 46 + nameLength + extraLength + commentLength;
    if (length > header.size())
        fail("directory", fmt::format("an entry of {} bytes", length), fmt::format("{} before the directory's end", header.size()),
             where());
    out.flags = static_cast<std::uint16_t>(littleEndian(header, 8, 2));
    out.entry.method = static_cast<std::uint16_t>(littleEndian(header, 10, 2));
    out.entry.crc = static_cast<std::uint32_t>(littleEndian(header, 16, 4));
    out.entry.packedSize = littleEndian(header, 20, 4);
    out.entry.size = littleEndian(header, 24, 4);
    out.disk = littleEndian(header, 34, 2);
    out.headerOffset = littleEndian(header, 42, 4);
    out.entry.name.assign(reinterpret_cast<const char*>(header.data()) + 46, nameLength);
    readZip64Extra(header.subspan(46 + nameLength, extraLength), out);
    return at + length;
}

/// Fields that are all ones in the header follow in the extra field 0x0001, in this order.
void ZipParser::readZip64Extra(std::span<const std::byte> extra, Central& out) const
{
    const bool needed = out.entry.size == ones32 || out.entry.packedSize == ones32 || out.headerOffset == ones32 || out.disk == ones16;
    if (!needed)
        return;
    const std::string name = printable(out.entry.name);
    for (std::size_t at = 0; at + 4 <= extra.size();) {
        const std::uint64_t id = littleEndian(extra, at, 2);
        const auto length = static_cast<std::size_t>(littleEndian(extra, at + 2, 2));
        if (length > extra.size() - at - 4)
            fail("extra", "an extra field inside its entry", fmt::format("one of {} bytes", length), name);
        auto field = extra.subspan(at + 4, length);
        at += 4 + length;
        if (id != 1)
            continue;
        const auto take = [&](std::uint64_t& value, std::uint64_t marker, std::size_t width) {
            if (value != marker)
                return;
            if (field.size() < width)
                fail("extra", "64-bit sizes in the zip64 field", fmt::format("{} bytes", length), name);
            value = littleEndian(field, 0, width);
            field = field.subspan(width);
        };
        take(out.entry.size, ones32, 8);
        take(out.entry.packedSize, ones32, 8);
        take(out.headerOffset, ones32, 8);
        take(out.disk, ones16, 4);
        return;
    }
    fail("extra", "a zip64 field", "none", name);
}

void ZipParser::checkCentral(const Central& central) const
{
    const auto failHere = [&](std::string_view id, std::string_view expected, const std::string& found) {
        fail(id, expected, found, printable(central.entry.name));
    };
    if (central.flags & (0x1 | 0x40 | 0x2000))
        failHere("encrypted", "an archive without a password", "an encrypted entry");
    if (central.flags & 0x20)
        failHere("method", "a stored or deflated entry", "patched data");
    if (central.disk != 0)
        failHere("disks", "an archive in one file", fmt::format("an entry on disk {}", central.disk));
    if (central.entry.isStored() && central.entry.size != central.entry.packedSize)
        failHere("size", fmt::format("{} stored bytes", central.entry.size), fmt::format("{}", central.entry.packedSize));
}

void ZipParser::readLocal(Central& central, std::uint64_t directoryOffset, FileWindow& window) const
{
    ZipEntry& entry = central.entry;
    const auto failHere = [&](std::string_view id, std::string_view expected, const std::string& found) {
        fail(id, expected, found, printable(entry.name));
    };
    if (directoryOffset < 30 || central.headerOffset > directoryOffset - 30)
        failHere("outside", "an entry before the directory", fmt::format("offset {}", central.headerOffset));
    // The name is read along with the header; a local name of another length is another name.
    const std::uint64_t length = std::min<std::uint64_t>(30 + entry.name.size(), directoryOffset - central.headerOffset);
    const std::span<const std::byte> header = window.at(central.headerOffset, static_cast<std::size_t>(length));
    if (littleEndian(header, 0, 4) != zipLocalMagic)
        failHere("local", "an entry's header", fmt::format("something else at byte {}", central.headerOffset));
    const std::uint64_t nameLength = littleEndian(header, 26, 2);
    const std::string_view name(reinterpret_cast<const char*>(header.data()) + 30, header.size() - 30);
    if (nameLength != entry.name.size() || name != entry.name)
        failHere("name", "the same name in the entry's header", fmt::format("'{}'", printable(name.substr(0, nameLength), 60)));
    entry.offset = central.headerOffset + 30 + nameLength + littleEndian(header, 28, 2);
    if (entry.offset > directoryOffset || entry.packedSize > directoryOffset - entry.offset)
        failHere("outside", "an entry that ends before the directory", fmt::format("{} bytes at byte {}", entry.packedSize, entry.offset));
    if (littleEndian(header, 8, 2) != entry.method)
        failHere("local", "the directory's method", fmt::format("{}", littleEndian(header, 8, 2)));
    if (littleEndian(header, 6, 2) & 0x1)
        failHere("encrypted", "an archive without a password", "an encrypted entry");
    const std::uint64_t packed = littleEndian(header, 18, 4);
    const bool sizesFollow = littleEndian(header, 6, 2) & 0x8;
    if (!sizesFollow && packed != ones32 && packed != entry.packedSize)
        failHere("size", "the directory's size", fmt::format("{} bytes", packed));
}

void ZipParser::checkOverlaps(std::vector<Central>& centrals, std::uint64_t directoryOffset) const
{
    std::vector<const Central*> order;
    for (const Central& central : centrals)
        order.push_back(&central);
    std::sort(order.begin(), order.end(), [](const Central* a, const Central* b) { return a->headerOffset < b->headerOffset; });
    for (std::size_t i = 0; i < order.size(); ++i) {
        const std::uint64_t next = i + 1 < order.size() ? order[i + 1]->headerOffset : directoryOffset;
        if (order[i]->entry.offset + order[i]->entry.packedSize > next)
            fail("overlap", "entries one behind the other", "two that overlap", printable(order[i]->entry.name));
    }
}

}
