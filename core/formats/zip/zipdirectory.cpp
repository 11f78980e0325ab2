// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/zip/zipdirectory.h"

#include "core/base/error.h"
#include "core/formats/zip/zipparser.h"

#include <algorithm>
#include <fmt/format.h>
#include <zlib.h>

namespace core::formats {

bool ZipDirectory::matches(std::span<const std::byte> head)
{
    constexpr unsigned char magic[] = {'P', 'K', 3, 4};
    return head.size() >= 4 && std::equal(magic, magic + 4, head.begin(), [](unsigned char a, std::byte b) { return std::byte{a} == b; });
}

ZipDirectory ZipDirectory::read(std::shared_ptr<const File> file, const Progress& progress)
{
    ZipDirectory directory;
    directory.m_entries = ZipParser(*file).entries(progress);
    directory.m_file = std::move(file);
    directory.m_index.reserve(directory.m_entries.size());
    for (std::size_t i = 0; i < directory.m_entries.size(); ++i)
        directory.m_index.emplace(directory.m_entries[i].name, i);
    return directory;
}

const ZipEntry* ZipDirectory::find(std::string_view name) const
{
    const auto found = m_index.find(name);
    return found == m_index.end() ? nullptr : &m_entries[found->second];
}

namespace {

/// Raw deflate into exactly `size` bytes; false when the data is damaged, ends early or goes on.
bool inflateExactly(std::span<const std::byte> packed, std::span<std::byte> out)
{
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return false;
    std::byte behind{};
    int result = Z_OK;
    std::size_t taken = 0, made = 0;
    while (result == Z_OK || result == Z_BUF_ERROR) {
        constexpr std::size_t piece = std::size_t{1} << 30;
        const std::size_t give = std::min(packed.size() - taken, piece);
        const bool isFull = made == out.size();
        const std::size_t room = isFull ? 1 : std::min(out.size() - made, piece);
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data() + taken));
        stream.avail_in = static_cast<uInt>(give);
        stream.next_out = reinterpret_cast<Bytef*>(isFull ? &behind : out.data() + made);
        stream.avail_out = static_cast<uInt>(room);
        result = inflate(&stream, Z_NO_FLUSH);
        const std::size_t wrote = room - stream.avail_out;
        if ((isFull && wrote > 0) || (wrote == 0 && give == stream.avail_in && result != Z_STREAM_END))
            break;
        taken += give - stream.avail_in;
        made += isFull ? 0 : wrote;
    }
    inflateEnd(&stream);
    return result == Z_STREAM_END && made == out.size();
}

}

std::vector<std::byte> ZipDirectory::contents(const ZipEntry& entry, std::uint64_t limit, bool* crcMatches) const
{
    const std::string name = printable(entry.name);
    if (entry.size > limit || entry.packedSize > limit)
        throw Error("zip-large")
            .file(m_file->path())
            .expected(fmt::format("at most {} bytes", limit))
            .found(fmt::format("{}", entry.size))
            .at(name);
    if (!entry.isStored() && entry.method != 8)
        throw Error("zip-method")
            .file(m_file->path())
            .expected("a stored or deflated entry")
            .found(fmt::format("method {}", entry.method))
            .at(name);
    std::vector<std::byte> bytes = m_file->read(entry.offset, entry.packedSize);
    if (!entry.isStored()) {
        // Deflate packs at most 1032 to 1: a larger claim is a lie, and nothing is allocated for it.
        std::vector<std::byte> inflated(entry.size / 1032 <= entry.packedSize ? entry.size : 0);
        if (inflated.size() != entry.size || !inflateExactly(bytes, inflated))
            throw Error("zip-deflate")
                .file(m_file->path())
                .expected(fmt::format("deflated data of {} bytes", entry.size))
                .found("damaged data")
                .at(name);
        bytes = std::move(inflated);
    }
    if (crcMatches)
        *crcMatches = crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()) == entry.crc;
    return bytes;
}

std::vector<std::byte> ZipDirectory::beginning(const ZipEntry& entry, std::size_t length) const
{
    const std::vector<std::byte> packed = m_file->read(entry.offset, std::min<std::uint64_t>(entry.packedSize, length));
    if (entry.isStored() || entry.method != 8)
        return packed;
    std::vector<std::byte> bytes(static_cast<std::size_t>(std::min<std::uint64_t>({length, entry.size, packed.size() * 1032 + 64})));
    z_stream stream{};
    if (bytes.empty() || inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return {};
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_out = static_cast<uInt>(bytes.size());
    inflate(&stream, Z_SYNC_FLUSH);
    bytes.resize(bytes.size() - stream.avail_out);
    inflateEnd(&stream);
    return bytes;
}

}
