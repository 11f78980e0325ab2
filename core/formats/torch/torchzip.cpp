// SPDX-License-Identifier: GPL-3.0-or-later
// The zip container of torch.save since 1.6: <root>/data.pkl, <root>/data/<key>, <root>/version, ... (formats.md A1).
#include "core/formats/torch/torchcontent.h"
#include "core/formats/torch/torchformats.h"
#include "core/formats/torch/torchrecords.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace core::formats {

namespace {

class TorchZipReader
{
public:
    TorchZipReader(std::shared_ptr<const File> file, const Progress& progress)
        : m_progress(progress), m_records(std::move(file), "data.pkl", progress)
    {
        m_content.file = m_records.file();
    }

    Model read()
    {
        m_content.pickle = m_records.pickle("data.pkl", m_content.notes, m_progress);
        readStorages();
        m_content.bigEndian = m_records.isBigEndian();
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

    void readStorages()
    {
        const std::string& root = m_records.root();
        m_content.storages = m_records.storages("data/");
        std::vector<std::string> unknown, outside;
        for (const ZipEntry& entry : m_records.directory().entries()) {
            if (!entry.name.starts_with(root))
                outside.push_back(printable(entry.name, 60));
            else if (!isKnown(std::string_view(entry.name).substr(root.size())))
                unknown.push_back(printable(entry.name, 60));
        }
        if (!outside.empty())
            note("torch-records", Note::Severity::Warning,
                 fmt::format("{} records lie outside the folder {}, beginning with {}; PyTorch itself refuses that.", outside.size(),
                             printable(root), outside[0]));
        if (!unknown.empty())
            note("torch-records", Note::Severity::Info,
                 fmt::format("{} records are not looked at, beginning with {}.", unknown.size(), unknown[0]));
    }

    static bool isKnown(std::string_view record)
    {
        constexpr std::string_view known[] = {
            "data.pkl", "version", "byteorder", ".data/version", ".data/serialization_id", ".format_version", ".storage_alignment"};
        return record.empty() || record.starts_with("data/") || record.ends_with('/') ||
               std::find(std::begin(known), std::end(known), record) != std::end(known);
    }

    void readVersion()
    {
        const auto inPackage = m_records.text(".data/version");
        const auto version = inPackage ? inPackage : m_records.text("version");
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
        if (!m_records.has("byteorder"))
            return "PyTorch 1.6 to 2.0 (torch.save)";
        if (!m_records.has(".data/serialization_id"))
            return "";
        const std::string_view release = m_records.has(".storage_alignment") ? "2.7" : m_records.has(".format_version") ? "2.6" : "2.1";
        return fmt::format("PyTorch {} or newer (torch.save)", release);
    }

    const Progress& m_progress;
    TorchRecords m_records;
    TorchContent m_content;
};

}

const Format torchZip{
    "torch-zip", Framework::Torch, "*.pt *.pth *.ckpt *.bin *.pkl",
    [](std::span<const std::byte> head, const File& file) { return hasTorchRecord(head, file, "/data.pkl"); },
    [](std::shared_ptr<const File> file, const Progress& progress) { return TorchZipReader(std::move(file), progress).read(); }};

}
