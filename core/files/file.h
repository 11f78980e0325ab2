// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/files/place.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace core {

/// A regular file held open for reading at any place. Reading is by pread, so a file that is cut while open gives an Error and no SIGBUS.
class File
{
public:
    /// Throws Error("file-open"), or Error("file-kind") for a directory, FIFO or device.
    static std::shared_ptr<const File> open(const std::string& path);
    /// A nameless file in memory that holds these bytes; `path` names it in messages. Throws Error("file-memory").
    static std::shared_ptr<const File> inMemory(const std::string& path, std::span<const std::byte> bytes);
    /// A descriptor of a regular file that is open already, to be closed with the File. Throws like open().
    static std::shared_ptr<const File> adopt(const std::string& path, int fd);
    /// Whether this program has the file open, under whatever name.
    static bool isOpen(const std::string& path);
    ~File();
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    const std::string& path() const { return m_path; }
    std::uint64_t size() const { return m_size; }
    int descriptor() const { return m_fd; }

    /// Fills `bytes` from `offset`. Throws Error("file-short") past the end and Error("file-changed") when size or mtime are not what they
    /// were.
    void read(std::uint64_t offset, std::span<std::byte> bytes) const;
    std::vector<std::byte> read(std::uint64_t offset, std::uint64_t length) const;
    /// Throws Error("file-changed") when size or mtime are not what they were at opening.
    void checkUnchanged() const;

private:
    File(std::string path, int fd, std::uint64_t size, std::int64_t mtime);

    std::string m_path;
    int m_fd;
    std::uint64_t m_size;
    std::int64_t m_mtime; ///< nanoseconds
    Place m_place;
};

}
