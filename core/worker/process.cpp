// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/process.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

extern char** environ;

namespace core::worker {

namespace {

std::string located(const std::string& program)
{
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (program.find('/') != std::string::npos)
        return program;
    const auto folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    for (const auto& place : {folder / program, folder / ".." / "libexec" / "tieout" / program})
        if (::access(place.c_str(), X_OK) == 0)
            return place.string();
    throw Error("worker-missing")
        .expected(program + " beside the program or in ../libexec/tieout")
        .found("none")
        .advice("Tieout is not installed whole.");
}

// A descriptor that closes itself, numbered above those that a worker is given, so that handing them over never overwrites one of them.
class HighFd
{
public:
    explicit HighFd(int fd) : m_fd(fd < 0 ? -1 : ::fcntl(fd, F_DUPFD_CLOEXEC, 10)) {}
    ~HighFd()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    HighFd(const HighFd&) = delete;
    HighFd& operator=(const HighFd&) = delete;
    int fd() const { return m_fd; }
    int release() { return std::exchange(m_fd, -1); }

private:
    int m_fd;
};

struct Pipe
{
    std::array<int, 2> low = made();
    HighFd out{low[0]}, in{low[1]}; ///< read end, write end

    Pipe()
    {
        ::close(low[0]);
        ::close(low[1]);
        if (out.fd() < 0 || in.fd() < 0)
            throw Error("worker-start").expected("a pipe").found(std::strerror(errno));
        ::fcntl(in.fd(), F_SETPIPE_SZ, 1 << 20);
    }

    static std::array<int, 2> made()
    {
        std::array<int, 2> ends{-1, -1};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0)
            throw Error("worker-start").expected("a pipe").found(std::strerror(errno));
        return ends;
    }
};

/// Takes the status of processes that were killed and of which nobody wants it, as far as they have ended; `another` joins them.
void reap(pid_t another = -1)
{
    static std::mutex mutex;
    static auto* const killed = new std::vector<pid_t>; // never ended: workers that live as long as the program end after its other statics
    const std::lock_guard lock(mutex);
    if (another >= 0)
        killed->push_back(another);
    std::erase_if(*killed, [](pid_t pid) { return ::waitpid(pid, nullptr, WNOHANG) != 0; });
}

struct Actions
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;

    Actions()
    {
        posix_spawn_file_actions_init(&files);
        posix_spawnattr_init(&attributes);
        sigset_t none, ours;
        sigemptyset(&none);
        sigemptyset(&ours);
        sigaddset(&ours, SIGPIPE);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &ours);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~Actions()
    {
        posix_spawn_file_actions_destroy(&files);
        posix_spawnattr_destroy(&attributes);
    }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
};

}

Process::Process(const std::string& program, int inheritedFd, std::uint64_t addressSpace)
{
    const std::string path = located(program);
    reap();
    Pipe requests, answers;
    const HighFd inherited(inheritedFd);
    Actions actions;
    posix_spawn_file_actions_addopen(&actions.files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions.files, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions.files, requests.out.fd(), 3);
    posix_spawn_file_actions_adddup2(&actions.files, answers.in.fd(), 4);
    if (inherited.fd() >= 0)
        posix_spawn_file_actions_adddup2(&actions.files, inherited.fd(), 5);
    posix_spawn_file_actions_addclosefrom_np(&actions.files, inherited.fd() >= 0 ? 6 : 5);

    std::string name = path;
    std::array<char*, 2> arguments{name.data(), nullptr};
    if (const int code = ::posix_spawn(&m_pid, path.c_str(), &actions.files, &actions.attributes, arguments.data(), environ); code != 0)
        throw Error("worker-start").expected("to start " + path).found(std::strerror(code));

    // The worker does nothing before the first request, so a limit from outside comes early enough.
    if (addressSpace > 0) {
        const rlimit limit{addressSpace, addressSpace};
        ::prlimit(m_pid, RLIMIT_AS, &limit, nullptr);
    }
    m_requestFd = requests.in.release();
    m_answerFd = answers.out.release();
    ::fcntl(m_requestFd, F_SETFL, O_NONBLOCK);
    ::fcntl(m_answerFd, F_SETFL, O_NONBLOCK);
}

Process::~Process()
{
    ::close(m_requestFd);
    ::close(m_answerFd);
    if (hasEnded())
        return;
    ::kill(m_pid, SIGKILL);
    if (!hasEnded())
        reap(m_pid);
}

bool Process::hasEnded()
{
    if (!m_ended)
        m_ended = ::waitpid(m_pid, &m_status, WNOHANG) == m_pid;
    return m_ended;
}

std::string Process::end()
{
    // One that closed its pipe is about to end: its own status tells more than our kill.
    for (int i = 0; i < 20 && !hasEnded(); ++i)
        ::poll(nullptr, 0, 5);
    if (!m_ended) {
        ::kill(m_pid, SIGKILL);
        while (::waitpid(m_pid, &m_status, 0) < 0 && errno == EINTR) {
        }
        m_ended = true;
    }
    if (WIFSIGNALED(m_status))
        return "signal " + std::to_string(WTERMSIG(m_status)) + " (" + ::strsignal(WTERMSIG(m_status)) + ")";
    return "exit status " + std::to_string(WEXITSTATUS(m_status));
}

bool Process::wasKilled() const
{
    constexpr std::array<int, 8> own{SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP, SIGPIPE};
    return m_ended && WIFSIGNALED(m_status) && std::find(own.begin(), own.end(), WTERMSIG(m_status)) == own.end();
}

std::uint64_t Process::processorTime() const
{
    // proc(5): user and system time are fields 14 and 15; field 2, the name, may hold spaces and ends with a bracket.
    std::ifstream file("/proc/" + std::to_string(m_pid) + "/stat");
    std::string text;
    std::getline(file, text);
    std::size_t at = text.rfind(')');
    std::uint64_t total = 0;
    for (int field = 3; at != std::string::npos && field <= 15; ++field) {
        at = text.find(' ', at);
        if (at == std::string::npos)
            return 0;
        std::uint64_t value = 0;
        if (field >= 14 && std::from_chars(text.data() + ++at, text.data() + text.size(), value).ec == std::errc())
            total += value;
        else if (field < 14)
            ++at;
    }
    return total;
}

}
