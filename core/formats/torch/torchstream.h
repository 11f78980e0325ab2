// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/torch/torchcontent.h"

#include "core/files/filewindow.h"

namespace core::formats {

/// Pickles, numbers and raw storages one behind the other, in a part of a file or in memory. Reading moves on; storages are passed over.
class TorchStream
{
public:
    TorchStream(const std::shared_ptr<const File>& file, std::uint64_t offset, std::uint64_t size);
    /// `path` names the file in messages.
    TorchStream(SharedBytes bytes, std::string path);

    const std::string& path() const { return m_path; }
    std::uint64_t position() const { return m_position; }
    std::uint64_t left() const { return m_size - m_position; }

    /// The pickle at the position. `guess` bytes are read at first, more only when they do not suffice. Throws Error("pickle-...").
    Pickle pickle(const std::string& where, const Progress& progress, std::uint64_t guess = 4096);
    /// Signed little-endian number of `width` bytes. Throws Error("torch-cut") at the end.
    std::int64_t integer(std::size_t width, const std::string& where);
    /// Passes over `size` bytes; fewer at the end, which `size` of the result tells.
    TorchStorage storage(std::uint64_t size);

private:
    std::shared_ptr<const File> m_file;
    SharedBytes m_bytes;
    std::string m_path;
    std::uint64_t m_start = 0, m_size = 0, m_position = 0;
    std::optional<FileWindow> m_window;
};

/// PyTorch's legacy stream (formats.md A2) into `content`'s pickle, storages and notes. Throws Error("torch-legacy") when it is none; what
/// is wrong with a storage is told by that storage alone.
void readTorchStream(TorchStream& stream, TorchContent& content, const Progress& progress);

}
