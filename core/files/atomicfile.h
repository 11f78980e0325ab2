// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace core {

/// A file that appears whole or not at all: a temporary beside the target, flushed, renamed over it by commit(). A target that is a
/// symbolic link is written where it points. Destroyed without commit() it leaves nothing behind. Every writer uses it.
class AtomicFile
{
public:
    /// Throws Error("file-write") naming the target and why it cannot be written.
    explicit AtomicFile(const std::string& path);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(std::span<const std::byte> bytes);
    void write(std::string_view text);
    std::uint64_t position() const { return m_position; }
    /// The temporary's path, to read back before commit().
    const std::string& temporaryPath() const { return m_temporary; }
    /// fsync, rename, fsync of the folder.
    void commit();

private:
    std::string m_path, m_temporary;
    int m_fd = -1;
    std::uint64_t m_position = 0;
};

}
