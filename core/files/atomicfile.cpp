// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/atomicfile.h"

#include "core/base/error.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace core {

namespace {

[[noreturn]] void fail(const std::string& path, std::string_view doing)
{
    const std::string reason = std::strerror(errno);
    throw Error("file-write").file(path).expected(doing).found(reason);
}

/// Where a write through symbolic links ends; a dangling link's own target when nothing is there yet.
std::string resolved(const std::string& path)
{
    std::error_code error;
    std::filesystem::path result = path;
    for (int hops = 0; std::filesystem::is_symlink(result, error) && hops < 40; ++hops) {
        const auto target = std::filesystem::read_symlink(result, error);
        result = target.is_absolute() ? target : result.parent_path() / target;
    }
    return result.string();
}

/// The mode of the file that is replaced, else what the process would give to a new one.
mode_t wantedMode(const std::string& path)
{
    struct stat status
    {
    };
    if (::stat(path.c_str(), &status) == 0)
        return status.st_mode & 07777;
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return 0666 & ~mask;
}

std::string folderOf(const std::string& path)
{
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

}

AtomicFile::AtomicFile(const std::string& path) : m_path(resolved(path))
{
    struct stat status
    {
    };
    if (::stat(m_path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
        errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
        fail(path, "a regular file to write");
    }
    m_temporary = folderOf(m_path) + "/.tieout-XXXXXX"; // a short name: the target's own may be as long as the file system allows
    m_fd = ::mkostemp(m_temporary.data(), O_CLOEXEC);
    if (m_fd < 0) {
        m_temporary.clear();
        fail(path, "a folder that can be written to");
    }
    ::fchmod(m_fd, wantedMode(m_path));
}

AtomicFile::~AtomicFile()
{
    if (m_fd >= 0)
        ::close(m_fd);
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            fail(m_path, "room for the file");
        m_position += static_cast<std::uint64_t>(written);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

void AtomicFile::write(std::string_view text)
{
    write(std::as_bytes(std::span(text)));
}

void AtomicFile::commit()
{
    if (::fsync(m_fd) != 0)
        fail(m_path, "the file to reach the disk");
    const int fd = std::exchange(m_fd, -1);
    if (::close(fd) != 0)
        fail(m_path, "the file to be closed");
    if (::rename(m_temporary.c_str(), m_path.c_str()) != 0)
        fail(m_path, "to put the file in its place");
    m_temporary.clear();
    const int folder = ::open(folderOf(m_path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
}

}
