// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/files/cleanup.h"
#include "core/files/file.h"

#include <optional>
#include <string_view>

namespace core {

/// A file that appears whole or not at all: written without a name where the file system can (O_TMPFILE), else beside the target, flushed,
/// renamed over it by commit(). A target that is a symbolic link is written where it points; owner and mode of one that is replaced are
/// kept. Destroyed without commit() it leaves nothing behind, nor does a signal that ends the program. Every writer uses it.
class AtomicFile
{
public:
    /// Throws Error("file-write") naming the target and why it cannot be written, Error("file-protected") for one that is read-only, and
    /// Error("file-in-use") for one that this program reads from. Takes away what a killed program has left in the folder.
    explicit AtomicFile(const std::string& path);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /// Where it will be, as it was asked for.
    const std::string& path() const { return m_path; }
    void write(std::span<const std::byte> bytes);
    void write(std::string_view text);
    std::uint64_t position() const { return m_position; }
    /// What was written so far, open for reading under the target's name: to prove it before commit().
    std::shared_ptr<const File> written() const;
    /// What was written reaches the disk, so that commit() takes no time.
    void flush();
    /// flush, rename, fsync of the folder.
    void commit();

private:
    void create();
    void adoptOwner();

    std::string m_path, m_target;      ///< as it was asked for; behind symbolic links
    std::optional<Doomed> m_temporary; ///< its name; none while it has none
    int m_fd = -1;
    std::uint64_t m_position = 0;
};

}
