// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchrecords.h"

#include "core/formats/zip/zipparser.h"

#include <fmt/format.h>

namespace core::formats {

namespace {

constexpr std::uint64_t pickleLimit = std::uint64_t{1} << 30, textLimit = 4096;

std::string rootOf(const ZipDirectory& directory, std::string_view landmark)
{
    std::vector<std::string> roots;
    for (const ZipEntry& entry : directory.entries())
        if (const std::size_t slash = entry.name.find('/');
            slash != std::string::npos && std::string_view(entry.name).substr(slash + 1) == landmark)
            roots.push_back(entry.name.substr(0, slash + 1));
    if (roots.empty() && directory.find(landmark))
        return {};
    if (roots.size() != 1)
        throw Error("torch-records")
            .file(directory.file()->path())
            .expected(fmt::format("one {} in a top folder", landmark))
            .found(roots.empty() ? "none" : fmt::format("{}: in {} and {}", roots.size(), printable(roots[0]), printable(roots[1])));
    return roots.front();
}

/// A stored record is read in place, a deflated one when it is asked for.
TorchStorage storageOf(const std::shared_ptr<const ZipDirectory>& directory, const ZipEntry& entry)
{
    // What a small file may take of memory when it inflates.
    const std::uint64_t limit = 2 * directory->file()->size() + (std::uint64_t{1} << 28);
    TorchStorage storage{entry.offset, entry.size, "", {}};
    if (entry.isStored())
        return storage;
    if (entry.method != 8)
        storage.problem = fmt::format("its record is packed by method {}, which is not read", entry.method);
    else if (entry.size > limit)
        storage.problem = fmt::format("its record of {} bytes claims to inflate to {}", entry.packedSize, entry.size);
    else
        storage.load = [directory, limit, &entry]() -> SharedBytes {
            return std::make_shared<const std::vector<std::byte>>(directory->contents(entry, limit));
        };
    return storage;
}

}

TorchRecords::TorchRecords(std::shared_ptr<const File> file, std::string_view landmark, const Progress& progress)
    : m_directory(std::make_shared<const ZipDirectory>(ZipDirectory::read(std::move(file), progress))),
      m_root(rootOf(*m_directory, landmark))
{
}

std::optional<std::string> TorchRecords::text(std::string_view record) const
{
    const ZipEntry* entry = find(record);
    if (!entry)
        return {};
    const auto bytes = m_directory->contents(*entry, textLimit);
    std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    while (text.ends_with('\n') || text.ends_with('\r') || text.ends_with(' '))
        text.pop_back();
    return text;
}

std::vector<std::byte> TorchRecords::bytes(std::string_view record, std::uint64_t limit, std::vector<Note>& notes) const
{
    const ZipEntry* entry = find(record);
    if (!entry)
        throw Error("torch-records")
            .file(file()->path())
            .expected(fmt::format("a record {}", printable(m_root + std::string(record))))
            .found("none");
    bool crcMatches = true;
    auto result = m_directory->contents(*entry, limit, &crcMatches);
    if (!crcMatches)
        notes.push_back(torchNote("zip-crc", Note::Severity::Warning,
                                  fmt::format("The checksum of {} is wrong: the file may be damaged.", printable(record)),
                                  {std::string(record)}));
    return result;
}

Pickle TorchRecords::pickle(std::string_view record, std::vector<Note>& notes, const Progress& progress) const
{
    const auto content = bytes(record, pickleLimit, notes);
    Pickle pickle = Pickle::read(content, file()->path(), std::string(record), progress);
    if (pickle.size() < content.size())
        notes.push_back(torchNote("pickle-trailing", Note::Severity::Warning,
                                  fmt::format("{} bytes follow the end of the pickle.", content.size() - pickle.size())));
    return pickle;
}

std::unordered_map<std::string, TorchStorage> TorchRecords::storages(std::string_view folder) const
{
    const std::string prefix = m_root + std::string(folder);
    std::unordered_map<std::string, TorchStorage> result;
    for (const ZipEntry& entry : m_directory->entries())
        if (entry.name.size() > prefix.size() && entry.name.starts_with(prefix))
            result[entry.name.substr(prefix.size())] = storageOf(m_directory, entry);
    return result;
}

bool TorchRecords::isBigEndian() const
{
    const std::string order = text("byteorder").value_or("little");
    if (order != "little" && order != "big")
        throw Error("torch-byteorder")
            .file(file()->path())
            .expected("little or big")
            .found(printable(order, 40))
            .at(printable(m_root + "byteorder"));
    return order == "big";
}

bool hasTorchRecord(std::span<const std::byte> head, const File& file, std::string_view ending)
{
    if (!ZipDirectory::matches(head) || head.size() < 30)
        return false;
    const auto length = std::to_integer<std::size_t>(head[26]) | std::to_integer<std::size_t>(head[27]) << 8;
    const std::string_view first(reinterpret_cast<const char*>(head.data()) + 30, std::min(length, head.size() - 30));
    if (first.ends_with(ending))
        return true;
    try {
        return ZipParser(file).hasName(ending);
    } catch (const Error&) {
        return false;
    }
}

}
