// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/server.h"

#include "core/base/error.h"

#include <chrono>
#include <exception>
#include <fcntl.h>
#include <new>
#include <poll.h>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace core::worker {

namespace {

constexpr int requestFd = 3, answerFd = 4;
constexpr std::uint64_t requestLimit = std::uint64_t{1} << 40; ///< the window is trusted; memory is limited anyhow

void keepQuiet()
{
    if (const int null = ::open("/dev/null", O_RDWR); null >= 0) {
        ::dup2(null, 0);
        ::dup2(null, 1);
        if (null > 1)
            ::close(null);
    }
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
}

// Ends the process as soon as nobody can send requests any more.
void endWithPipe()
{
    std::thread([] {
        pollfd entry{requestFd, 0, 0};
        while ((entry.revents & (POLLHUP | POLLERR | POLLNVAL)) == 0)
            ::poll(&entry, 1, -1);
        ::_exit(0);
    }).detach();
}

Json errorAnswer(const std::exception_ptr& problem)
{
    try {
        std::rethrow_exception(problem);
    } catch (const Error& e) {
        return {{"error",
                 {{"id", e.id()},
                  {"file", e.file()},
                  {"expected", e.expected()},
                  {"found", e.found()},
                  {"at", e.at()},
                  {"advice", e.advice()}}}};
    } catch (const std::bad_alloc&) {
        return {{"error", {{"id", "worker-memory"}, {"expected", "enough memory"}, {"found", "the limit of the worker's memory"}}}};
    } catch (const std::exception&) {
        return {{"error", {{"id", "worker-error"}, {"expected", "an answer"}, {"found", "a fault in Tieout's own worker"}}}};
    }
}

/// Tells progress at most every 20 ms and looks for a cancel each time.
class Reporter
{
public:
    bool operator()(double fraction)
    {
        pollfd entry{requestFd, POLLIN, 0};
        while (!m_cancelled && ::poll(&entry, 1, 0) > 0 && (entry.revents & POLLIN) != 0)
            m_cancelled = receive(requestFd, 0).head.contains("cancel");
        const auto now = std::chrono::steady_clock::now();
        if (!m_cancelled && now - m_last >= std::chrono::milliseconds(20)) {
            m_last = now;
            send(answerFd, Json{{"progress", fraction}});
        }
        return !m_cancelled;
    }

private:
    bool m_cancelled = false;
    std::chrono::steady_clock::time_point m_last;
};

void answer(const Handler& handler, const std::exception_ptr& broken, const Message& request)
{
    Answer answer;
    try {
        if (broken)
            std::rethrow_exception(broken);
        Reporter reporter;
        answer = handler(request, [&](double fraction) { return reporter(fraction); });
        answer.head["ok"] = true;
    } catch (...) {
        answer = {errorAnswer(std::current_exception()), {}, {}};
    }
    std::vector<std::span<const std::byte>> pieces;
    for (const auto& tensor : answer.payload)
        pieces.push_back(tensor.bytes());
    pieces.emplace_back(answer.raw);
    try {
        send(answerFd, answer.head, pieces);
    } catch (const Error& error) {
        if (error.id() == "worker-gone")
            throw;
        send(answerFd, errorAnswer(std::current_exception())); // nothing was sent yet: it is too long
    } catch (const std::bad_alloc&) {
        send(answerFd, errorAnswer(std::current_exception()));
    }
}

}

int serve(const std::function<Handler()>& makeHandler)
{
    keepQuiet();
    endWithPipe();
    try {
        send(answerFd, Json{{"protocol", protocolVersion}});
        Handler handler;
        std::exception_ptr broken;
        try {
            handler = makeHandler();
        } catch (...) {
            broken = std::current_exception();
        }
        for (;;) {
            const auto request = receive(requestFd, requestLimit);
            if (!request.head.contains("cancel"))
                answer(handler, broken, request);
        }
    } catch (const Error& error) {
        return error.id() == "worker-gone" ? 0 : 1;
    }
}

}
