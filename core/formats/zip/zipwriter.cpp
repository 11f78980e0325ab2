// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/zip/zipwriter.h"

#include "core/base/error.h"
#include "core/formats/zip/zipnumbers.h"

#include <algorithm>
#include <zlib.h>

namespace core::formats {

namespace {

constexpr std::uint64_t alignment = 64, plainVersion = 20, zip64Version = 45, utf8Flag = 0x800, dosDate = 0x21; // 1980-01-01

void put(std::string& out, std::uint64_t value, int width)
{
    for (int i = 0; i < width; ++i)
        out += static_cast<char>(value >> (8 * i) & 0xFF);
}

std::uint64_t narrowed(std::uint64_t value)
{
    return std::min(value, ones32);
}

/// The fields that local and central headers have in common: version needed ... extra length.
void putCommon(std::string& out, bool isWide, std::uint32_t crc, std::uint64_t size, std::size_t nameLength, std::size_t extraLength)
{
    put(out, isWide ? zip64Version : plainVersion, 2);
    put(out, utf8Flag, 2);
    put(out, 0, 4); // stored, midnight
    put(out, dosDate, 2);
    put(out, crc, 4);
    put(out, narrowed(size), 4);
    put(out, narrowed(size), 4);
    put(out, nameLength, 2);
    put(out, extraLength, 2);
}

}

void ZipWriter::add(std::string_view name, std::span<const std::byte> bytes, std::span<const std::byte> rest)
{
    if (name.size() > ones16)
        throw Error("zip-name")
            .file(m_file.path())
            .expected("names of at most 65,535 bytes")
            .found(std::to_string(name.size()))
            .at(printable(name));
    Entry entry{std::string(name), m_file.position(), bytes.size() + rest.size(), 0};
    for (const auto part : {bytes, rest})
        if (!part.empty())
            entry.crc = static_cast<std::uint32_t>(crc32_z(entry.crc, reinterpret_cast<const Bytef*>(part.data()), part.size()));
    const bool isWide = entry.size >= ones32;
    std::string extra;
    if (isWide) {
        put(extra, 1, 2);
        put(extra, 16, 2);
        put(extra, entry.size, 8);
        put(extra, entry.size, 8);
    }
    const std::uint64_t unpadded = entry.headerOffset + 30 + name.size() + extra.size() + 4;
    const std::uint64_t padding = (alignment - unpadded % alignment) % alignment;
    extra += "FB";
    put(extra, padding, 2);
    extra.append(padding, 'Z');

    std::string header;
    put(header, zipLocalMagic, 4);
    putCommon(header, isWide, entry.crc, entry.size, name.size(), extra.size());
    m_file.write(header + std::string(name) + extra);
    m_file.write(bytes);
    m_file.write(rest);
    m_entries.push_back(std::move(entry));
}

void ZipWriter::finish()
{
    const std::uint64_t directoryOffset = m_file.position();
    for (const Entry& entry : m_entries) {
        std::string wide;
        if (entry.size >= ones32) {
            put(wide, entry.size, 8);
            put(wide, entry.size, 8);
        }
        if (entry.headerOffset >= ones32)
            put(wide, entry.headerOffset, 8);
        std::string extra;
        if (!wide.empty()) {
            put(extra, 1, 2);
            put(extra, wide.size(), 2);
            extra += wide;
        }
        std::string header;
        put(header, zipCentralMagic, 4);
        put(header, wide.empty() ? plainVersion : zip64Version, 2);
        putCommon(header, !wide.empty(), entry.crc, entry.size, entry.name.size(), extra.size());
        put(header, 0, 4); // no comment, first disk
        put(header, 0, 6); // no attributes
        put(header, narrowed(entry.headerOffset), 4);
        m_file.write(header + entry.name + extra);
    }
    const std::uint64_t end = m_file.position(), directorySize = end - directoryOffset;
    std::string tail;
    if (m_entries.size() >= ones16 || directoryOffset >= ones32 || directorySize >= ones32) {
        put(tail, zip64EndMagic, 4);
        put(tail, 44, 8);
        put(tail, zip64Version, 2);
        put(tail, zip64Version, 2);
        put(tail, 0, 8);
        put(tail, m_entries.size(), 8);
        put(tail, m_entries.size(), 8);
        put(tail, directorySize, 8);
        put(tail, directoryOffset, 8);
        put(tail, zip64LocatorMagic, 4);
        put(tail, 0, 4);
        put(tail, end, 8);
        put(tail, 1, 4);
    }
    const std::uint64_t count = std::min<std::uint64_t>(m_entries.size(), ones16);
    put(tail, zipEndMagic, 4);
    put(tail, 0, 4);
    put(tail, count, 2);
    put(tail, count, 2);
    put(tail, narrowed(directorySize), 4);
    put(tail, narrowed(directoryOffset), 4);
    put(tail, 0, 2);
    m_file.write(tail);
}

}
