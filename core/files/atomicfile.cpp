// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/atomicfile.h"

#include "core/base/error.h"
#include "core/files/place.h"

#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <random>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace core {

namespace {

constexpr std::string_view prefix = ".tieout-", suffix = ".tmp"; // short: the target's own name may be as long as the file system allows
constexpr std::size_t randomLetters = 8;

[[noreturn]] void fail(const std::string& path, std::string_view doing)
{
    const std::string reason = std::strerror(errno);
    throw Error("file-write").file(path).expected(doing).found(reason);
}

std::string temporaryName(const std::string& folder)
{
    static constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    std::random_device random;
    std::string name = folder + "/";
    name += prefix;
    for (std::size_t i = 0; i < randomLetters; ++i)
        name += letters[random() % letters.size()];
    return name += suffix;
}

bool isTemporaryName(std::string_view name)
{
    return name.size() == prefix.size() + randomLetters + suffix.size() && name.starts_with(prefix) && name.ends_with(suffix);
}

/// Takes away a temporary that no living writer holds: its lock went with the one that was killed.
void sweep(const std::string& path)
{
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return;
    struct stat status
    {
    };
    if (::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == ::geteuid() && ::flock(fd, LOCK_EX | LOCK_NB) == 0)
        ::unlink(path.c_str());
    ::close(fd);
}

void sweepFolder(const std::string& folder)
{
    DIR* entries = ::opendir(folder.c_str());
    if (!entries)
        return;
    while (const dirent* entry = ::readdir(entries))
        if (isTemporaryName(entry->d_name))
            sweep(folder + "/" + entry->d_name);
    ::closedir(entries);
}

constexpr const char* descriptors = "/proc/self/fd"; ///< through which a nameless file gets a name

void checkTarget(const std::string& path, const std::string& target)
{
    struct stat status
    {
    };
    if (::stat(target.c_str(), &status) != 0)
        return;
    if (!S_ISREG(status.st_mode)) {
        errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
        fail(path, "a regular file to write");
    }
    if ((status.st_mode & 0222) == 0 || ::faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) != 0)
        throw Error("file-protected")
            .file(path)
            .expected("a file that may be written")
            .found("one that is read-only")
            .advice("Choose another name, or make it writable first.");
    if (File::isOpen(target))
        throw Error("file-in-use")
            .file(path)
            .expected("another file than those that are open")
            .found("one that values are read from")
            .advice("Choose another name.");
}

}

AtomicFile::AtomicFile(const std::string& path) : m_path(path), m_target(behindLinks(path))
{
    installCleanup();
    checkTarget(m_path, m_target);
    create();
    try {
        adoptOwner();
    } catch (...) {
        ::close(m_fd);
        throw;
    }
    sweepFolder(folderOf(m_target));
}

/// Opens the temporary and locks it, so that nobody sweeps it away.
void AtomicFile::create()
{
    struct stat status
    {
    };
    const bool replaces = ::stat(m_target.c_str(), &status) == 0;
    const mode_t mode = replaces ? 0600 : 0666; // less the process's umask; a replaced file's own comes with its owner
    const std::string folder = folderOf(m_target);
    if (::access(descriptors, X_OK) == 0)
        m_fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
    for (int attempt = 0; m_fd < 0 && attempt < 100; ++attempt) {
        m_temporary.emplace(temporaryName(folder));
        m_fd = ::open(m_temporary->path().c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, mode);
        if (m_fd >= 0)
            break;
        m_temporary->keep(); // not ours
        if (errno != EEXIST)
            break;
    }
    if (m_fd < 0)
        fail(m_path, "a folder that can be written to");
    ::flock(m_fd, LOCK_EX | LOCK_NB);
}

/// Owner and mode of the file that is replaced.
void AtomicFile::adoptOwner()
{
    struct stat old, now;
    if (::stat(m_target.c_str(), &old) != 0 || ::fstat(m_fd, &now) != 0)
        return;
    const bool isOwned = old.st_uid == now.st_uid && old.st_gid == now.st_gid;
    if (!isOwned && ::fchown(m_fd, old.st_uid, old.st_gid) != 0)
        fail(m_path, "to keep the owner of the file that is there");
    if (::fchmod(m_fd, old.st_mode & 07777) != 0)
        fail(m_path, "to keep the mode of the file that is there");
}

AtomicFile::~AtomicFile()
{
    if (m_fd >= 0)
        ::close(m_fd);
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

std::shared_ptr<const File> AtomicFile::written() const
{
    return File::adopt(m_path, ::fcntl(m_fd, F_DUPFD_CLOEXEC, 3));
}

void AtomicFile::flush()
{
    if (::fsync(m_fd) != 0)
        fail(m_path, "the file to reach the disk");
}

void AtomicFile::commit()
{
    flush();
    if (!m_temporary) {
        m_temporary.emplace(temporaryName(folderOf(m_target)));
        const std::string nameless = std::string(descriptors) + "/" + std::to_string(m_fd);
        if (::linkat(AT_FDCWD, nameless.c_str(), AT_FDCWD, m_temporary->path().c_str(), AT_SYMLINK_FOLLOW) != 0)
            fail(m_path, "to give the file a name");
    }
    if (::rename(m_temporary->path().c_str(), m_target.c_str()) != 0)
        fail(m_path, "to put the file in its place");
    m_temporary->keep();
    const int folder = ::open(folderOf(m_target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    ::close(std::exchange(m_fd, -1));
}

}
