// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/torch/torchcontent.h"
#include "core/formats/zip/zipdirectory.h"

#include <optional>

namespace core::formats {

/// The records of one of PyTorch's zip archives, by their names below its top folder.
class TorchRecords
{
public:
    /// `landmark` is a record that tells the top folder ("data.pkl"); there is none when it lies
    /// outside of any. Throws Error("torch-records") unless one folder has it, and what ZipDirectory throws.
    TorchRecords(std::shared_ptr<const File> file, std::string_view landmark, const Progress& progress);

    const std::shared_ptr<const File>& file() const { return m_directory->file(); }
    const ZipDirectory& directory() const { return *m_directory; }
    const std::string& root() const { return m_root; } ///< with its slash
    const ZipEntry* find(std::string_view record) const { return m_directory->find(m_root + std::string(record)); }
    bool has(std::string_view record) const { return find(record) != nullptr; }

    /// A short text without the space behind it; nothing when the record is absent.
    std::optional<std::string> text(std::string_view record) const;
    /// A whole record. A wrong checksum becomes a note. Throws Error("zip-large") above `limit`, Error("torch-records") when it is absent.
    std::vector<std::byte> bytes(std::string_view record, std::uint64_t limit, std::vector<Note>& notes) const;
    Pickle pickle(std::string_view record, std::vector<Note>& notes, const Progress& progress) const;
    /// Storages of a folder ("data/"), by the rest of their names.
    std::unordered_map<std::string, TorchStorage> storages(std::string_view folder) const;
    /// Throws Error("torch-byteorder").
    bool isBigEndian() const;

private:
    std::shared_ptr<const ZipDirectory> m_directory;
    std::string m_root;
};

/// Whether an archive has a record whose name ends so; a damaged archive is judged by its first entry's name.
bool hasTorchRecord(std::span<const std::byte> head, const File& file, std::string_view ending);

}
