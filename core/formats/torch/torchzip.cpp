// SPDX-License-Identifier: GPL-3.0-or-later
// The zip container of torch.save since 1.6: <root>/data.pkl, <root>/data/<key>, <root>/version, ... (formats.md A1).
#include "core/formats/torch/torchcontent.h"
#include "core/formats/torch/torchformats.h"
#include "core/formats/zip/zipparser.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace core::formats {

namespace {

constexpr std::uint64_t pickleLimit = std::uint64_t{1} << 30, textLimit = 4096;

/// The one top folder with a data.pkl in it.
std::string rootOf(const ZipDirectory& directory)
{
    std::vector<std::string> roots;
    for (const ZipEntry& entry : directory.entries())
        if (const std::size_t slash = entry.name.find('/');
            slash != std::string::npos && std::string_view(entry.name).substr(slash) == "/data.pkl")
            roots.push_back(entry.name.substr(0, slash + 1));
    if (roots.size() != 1)
        throw Error("torch-records")
            .file(directory.file()->path())
            .expected("one data.pkl in a top folder")
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

class TorchZipReader
{
public:
    TorchZipReader(std::shared_ptr<const File> file, const Progress& progress)
        : m_progress(progress), m_directory(std::make_shared<const ZipDirectory>(ZipDirectory::read(file, progress))),
          m_root(rootOf(*m_directory))
    {
        m_content.file = std::move(file);
    }

    Model read()
    {
        readPickle();
        readStorages();
        readByteOrder();
        readVersion();
        m_content.origin.path = m_content.file->path();
        m_content.origin.format = torchZip.id;
        m_content.origin.producer = producer();
        m_content.origin.fileSize = m_content.file->size();
        return torchModel(std::move(m_content), m_progress);
    }

private:
    void note(std::string id, Note::Severity severity, std::string text)
    {
        m_content.notes.push_back(torchNote(std::move(id), severity, std::move(text)));
    }

    bool has(std::string_view record) const { return m_directory->find(m_root + std::string(record)) != nullptr; }

    /// A short text record without its newline; nothing when it is absent.
    std::optional<std::string> textOf(std::string_view record)
    {
        const ZipEntry* entry = m_directory->find(m_root + std::string(record));
        if (!entry)
            return {};
        const auto bytes = m_directory->contents(*entry, textLimit);
        std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        while (text.ends_with('\n') || text.ends_with('\r') || text.ends_with(' '))
            text.pop_back();
        return text;
    }

    void readPickle()
    {
        const ZipEntry& entry = *m_directory->find(m_root + "data.pkl");
        bool crcMatches = true;
        const auto bytes = m_directory->contents(entry, pickleLimit, &crcMatches);
        if (!crcMatches)
            note("zip-crc", Note::Severity::Warning, "The checksum of data.pkl is wrong: the file may be damaged.");
        m_content.pickle = Pickle::read(bytes, m_directory->file()->path(), "data.pkl", m_progress);
        if (m_content.pickle.size() < bytes.size())
            note("pickle-trailing", Note::Severity::Warning,
                 fmt::format("{} bytes follow the end of the pickle.", bytes.size() - m_content.pickle.size()));
    }

    void readStorages()
    {
        const std::string folder = m_root + "data/";
        m_content.storages.reserve(m_directory->entries().size());
        std::vector<std::string> unknown, outside;
        for (const ZipEntry& entry : m_directory->entries()) {
            if (entry.name.starts_with(folder) && entry.name.size() > folder.size())
                m_content.storages[entry.name.substr(folder.size())] = storageOf(m_directory, entry);
            else if (!entry.name.starts_with(m_root))
                outside.push_back(printable(entry.name, 60));
            else if (!isKnown(std::string_view(entry.name).substr(m_root.size())))
                unknown.push_back(printable(entry.name, 60));
        }
        if (!outside.empty())
            note("torch-records", Note::Severity::Warning,
                 fmt::format("{} records lie outside the folder {}, beginning with {}; PyTorch itself refuses that.", outside.size(),
                             printable(m_root), outside[0]));
        if (!unknown.empty())
            note("torch-records", Note::Severity::Info,
                 fmt::format("{} records are not looked at, beginning with {}.", unknown.size(), unknown[0]));
    }

    static bool isKnown(std::string_view record)
    {
        constexpr std::string_view known[] = {
            "data.pkl", "version", "byteorder", ".data/version", ".data/serialization_id", ".format_version", ".storage_alignment"};
        return record.empty() || record.ends_with('/') || std::find(std::begin(known), std::end(known), record) != std::end(known);
    }

    void readByteOrder()
    {
        const std::string order = textOf("byteorder").value_or("little");
        if (order != "little" && order != "big")
            throw Error("torch-byteorder")
                .file(m_content.file->path())
                .expected("little or big")
                .found(printable(order, 40))
                .at(printable(m_root + "byteorder"));
        m_content.bigEndian = order == "big";
    }

    void readVersion()
    {
        const auto inPackage = textOf(".data/version");
        const auto version = inPackage ? inPackage : textOf("version");
        int number = 0;
        if (!version)
            return note("torch-version", Note::Severity::Warning, "The record version is missing; PyTorch itself refuses that.");
        const auto parsed = std::from_chars(version->data(), version->data() + version->size(), number);
        if (parsed.ec != std::errc() || parsed.ptr != version->data() + version->size())
            note("torch-version", Note::Severity::Warning, fmt::format("The record version is no number: {}.", printable(*version, 40)));
        else if (number < 1 || number > 10)
            note("torch-version", Note::Severity::Warning, fmt::format("Version {} of the container is not known; 1 to 10 are.", number));
    }

    /// Records tell the release that began to write them (formats.md A1).
    std::string producer() const
    {
        if (!has("byteorder"))
            return "PyTorch 1.6 to 2.0 (torch.save)";
        if (!has(".data/serialization_id"))
            return "";
        const std::string_view release = has(".storage_alignment") ? "2.7" : has(".format_version") ? "2.6" : "2.1";
        return fmt::format("PyTorch {} or newer (torch.save)", release);
    }

    const Progress& m_progress;
    std::shared_ptr<const ZipDirectory> m_directory;
    std::string m_root;
    TorchContent m_content;
};

/// Whether a record of that name is in the archive, in any top folder; a damaged archive is judged by its first entry's name.
bool hasRecord(std::span<const std::byte> head, const File& file, std::string_view record)
{
    if (!ZipDirectory::matches(head) || head.size() < 30)
        return false;
    const auto length = std::to_integer<std::size_t>(head[26]) | std::to_integer<std::size_t>(head[27]) << 8;
    const std::string_view first(reinterpret_cast<const char*>(head.data()) + 30, std::min(length, head.size() - 30));
    if (first.ends_with(record))
        return true;
    try {
        return ZipParser(file).hasName(record);
    } catch (const Error&) {
        return false;
    }
}

}

const Format torchScript{"torchscript", Framework::Torch, "",
                         [](std::span<const std::byte> head, const File& file) { return hasRecord(head, file, "/constants.pkl"); },
                         [](std::shared_ptr<const File> file, const Progress&) -> Model {
                             throw Error("torch-script")
                                 .file(file->path())
                                 .expected("a file of torch.save")
                                 .found("a TorchScript archive")
                                 .advice("TorchScript cannot be opened yet; save the model's state_dict.");
                         }};

const Format torchZip{
    "torch-zip", Framework::Torch, "*.pt *.pth *.ckpt *.bin *.pkl",
    [](std::span<const std::byte> head, const File& file) { return hasRecord(head, file, "/data.pkl"); },
    [](std::shared_ptr<const File> file, const Progress& progress) { return TorchZipReader(std::move(file), progress).read(); }};

}
