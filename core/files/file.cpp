// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/file.h"

#include "core/base/error.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <mutex>
#include <set>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace core {

namespace {

std::int64_t nanoseconds(const timespec& time)
{
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// The files that are open, for File::isOpen.
struct OpenFiles
{
    std::mutex mutex;
    std::multiset<Place> places;
};

OpenFiles& openFiles()
{
    static OpenFiles& files = *new OpenFiles; // outlives every File
    return files;
}

std::string_view kindOf(mode_t mode)
{
    return S_ISDIR(mode) ? "a folder" : S_ISFIFO(mode) ? "a named pipe" : S_ISSOCK(mode) ? "a socket" : "a device";
}

}

std::shared_ptr<const File> File::open(const std::string& path)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); // O_NONBLOCK: a FIFO must not hang
    if (fd < 0) {
        const int problem = errno;
        Error error("file-open");
        error.file(path).expected("a file that can be read").found(std::strerror(problem));
        if (problem == EACCES)
            error.advice("Its permissions, or those of its folder, keep you from reading it.");
        throw error;
    }
    return adopt(path, fd);
}

std::shared_ptr<const File> File::adopt(const std::string& path, int fd)
{
    struct stat status
    {
    };
    if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        ::close(fd);
        Error error("file-kind");
        error.file(path).expected("a regular file").found(kindOf(status.st_mode));
        if (!S_ISDIR(status.st_mode))
            error.advice("Copy what it gives into a file first.");
        throw error;
    }
    return std::shared_ptr<const File>(new File(path, fd, static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_mtim)));
}

std::shared_ptr<const File> File::inMemory(const std::string& path, std::span<const std::byte> bytes)
{
    const int fd = ::memfd_create("tieout", MFD_CLOEXEC);
    std::size_t done = 0;
    while (fd >= 0 && done < bytes.size()) {
        const ssize_t wrote = ::write(fd, bytes.data() + done, bytes.size() - done);
        if (wrote < 0 && errno != EINTR)
            break;
        done += static_cast<std::size_t>(std::max<ssize_t>(wrote, 0));
    }
    struct stat status
    {
    };
    if (fd < 0 || done < bytes.size() || ::fstat(fd, &status) != 0) {
        const int problem = errno;
        if (fd >= 0)
            ::close(fd);
        throw Error("file-memory").file(path).expected(fmt::format("{} bytes of memory", bytes.size())).found(std::strerror(problem));
    }
    return std::shared_ptr<const File>(new File(path, fd, bytes.size(), nanoseconds(status.st_mtim)));
}

File::File(std::string path, int fd, std::uint64_t size, std::int64_t mtime)
    : m_path(std::move(path)), m_fd(fd), m_size(size), m_mtime(mtime)
{
    struct stat status
    {
    };
    ::fstat(fd, &status);
    m_place = {status.st_dev, status.st_ino, {}};
    const std::lock_guard lock(openFiles().mutex);
    openFiles().places.insert(m_place);
}

bool File::isOpen(const std::string& path)
{
    const Place place = placeOf(path);
    const std::lock_guard lock(openFiles().mutex);
    return openFiles().places.contains(place);
}

File::~File()
{
    {
        const std::lock_guard lock(openFiles().mutex);
        openFiles().places.erase(openFiles().places.find(m_place));
    }
    ::close(m_fd);
}

void File::checkUnchanged() const
{
    struct stat status
    {
    };
    if (::fstat(m_fd, &status) != 0)
        throw Error("file-changed").file(m_path).expected("the file as it was opened").found(std::strerror(errno));
    if (static_cast<std::uint64_t>(status.st_size) != m_size || nanoseconds(status.st_mtim) != m_mtime)
        throw Error("file-changed")
            .file(m_path)
            .expected(fmt::format("the file as it was opened, {} bytes", m_size))
            .found(fmt::format("one that was written since, {} bytes", status.st_size))
            .advice("Reload it.");
}

void File::read(std::uint64_t offset, std::span<std::byte> bytes) const
{
    if (offset > m_size || bytes.size() > m_size - offset)
        throw Error("file-short")
            .file(m_path)
            .expected(fmt::format("{} bytes", bytes.size()))
            .found(fmt::format("a file of {} bytes", m_size))
            .at(fmt::format("offset {}", offset));
    checkUnchanged();
    constexpr std::size_t piece = std::size_t{1} << 20;
    for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t got = ::pread(m_fd, bytes.data() + done, std::min(piece, bytes.size() - done), static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            throw Error("file-changed")
                .file(m_path)
                .expected(fmt::format("{} bytes at offset {}", bytes.size(), offset))
                .found(got < 0 ? std::strerror(errno) : "the file's end");
        done += static_cast<std::size_t>(got);
    }
}

std::vector<std::byte> File::read(std::uint64_t offset, std::uint64_t length) const
{
    if (offset > m_size || length > m_size - offset) // before the allocation
        throw Error("file-short")
            .file(m_path)
            .expected(fmt::format("{} bytes", length))
            .found(fmt::format("a file of {} bytes", m_size))
            .at(fmt::format("offset {}", offset));
    std::vector<std::byte> bytes(length);
    read(offset, bytes);
    return bytes;
}

}
