// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/files/file.h"

namespace core {

/// Many small reads of a file at rising places: a piece of it is kept, so that neighbours cost one pread. The file must outlive it.
class FileWindow
{
public:
    explicit FileWindow(const File& file, std::size_t size = 4096) : m_file(file), m_size(size) {}

    /// `length` bytes at `offset`, valid until the next call. Throws like File::read.
    std::span<const std::byte> at(std::uint64_t offset, std::size_t length);

private:
    const File& m_file;
    std::size_t m_size;
    std::uint64_t m_start = 0;
    std::vector<std::byte> m_bytes;
};

}
