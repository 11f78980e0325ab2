// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/client.h"

#include "core/base/error.h"
#include "core/worker/process.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <mutex>
#include <optional>
#include <poll.h>

namespace core::worker {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds cancelTime{100};    ///< a cancelled worker that has not answered by then is killed
constexpr milliseconds glance{20};         ///< how often a waiting request looks whether it was cancelled
constexpr milliseconds greetingTime{5000}; ///< a worker that has not greeted by then, and computes nothing either, never will

Error toError(const Json& json)
{
    const auto part = [&](const char* key) {
        const auto found = json.find(key);
        return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    Error error(part("id").empty() ? "worker-error" : part("id"));
    error.file(part("file")).expected(part("expected")).found(part("found")).at(part("at")).advice(part("advice"));
    return error;
}

/// The time of one request: watchdog, and the cancelling of it.
class Watch
{
public:
    Watch(const Progress& progress, milliseconds watchdog) : m_progress(progress), m_watchdog(watchdog) {}

    /// From now on the worker listens: a cancel is told to it through this descriptor.
    void listens(int requestFd) { m_requestFd = requestFd; }
    bool isCancelled() const { return m_cancelEnd.has_value(); }

    void wait(int fd, short events)
    {
        const auto hangs = Clock::now() + m_watchdog;
        for (;;) {
            lookForCancel();
            const auto end = m_cancelEnd ? std::min(*m_cancelEnd, hangs) : hangs;
            const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
            if (left.count() <= 0 && isCancelled())
                throw Cancelled();
            if (left.count() <= 0)
                throw Error("worker-hung")
                    .expected("a sign of life within " + std::to_string(m_watchdog.count()) + " ms")
                    .found("none")
                    .advice("It was ended, and is started again when it is needed.");
            pollfd entry{fd, events, 0};
            if (::poll(&entry, 1, static_cast<int>(std::min(left, glance).count())) > 0)
                return;
        }
    }

private:
    void lookForCancel()
    {
        if (isCancelled() || !m_progress.isCancelled())
            return;
        m_cancelEnd = Clock::now() + cancelTime;
        if (m_requestFd >= 0)
            send(m_requestFd, Json{{"cancel", true}}, {}, [](int, short) { throw Cancelled(); });
    }

    const Progress& m_progress;
    milliseconds m_watchdog;
    int m_requestFd = -1;
    std::optional<Clock::time_point> m_cancelEnd;
};

}

struct Client::Private
{
    Options options;
    std::mutex mutex;
    std::unique_ptr<Process> process;
    bool greeted = false;
    std::function<void(const Request&)> restarted;
    std::atomic<int> pid = -1, starts = 0;

    void start()
    {
        process = std::make_unique<Process>(options.program, options.inheritedFd, options.addressSpace);
        greeted = false;
        pid = process->id();
        ++starts;
    }

    void stop()
    {
        pid = -1;
        process.reset();
    }

    void makeReady(const Progress& progress)
    {
        if (process && process->hasEnded())
            stop();
        if (process)
            return;
        start();
        if (restarted)
            restarted([&](const Json& head, Pieces payload) { return exchange(head, payload, 0, progress); });
    }

    /// A machine that is busy starts it late: as long as it computes it is waited for, up to the watchdog.
    void waitForGreeting(const Progress& progress)
    {
        const auto end = Clock::now() + std::max(options.watchdog, greetingTime);
        auto hangs = Clock::now() + greetingTime;
        std::uint64_t computed = process->processorTime();
        for (;;) {
            if (progress.isCancelled())
                throw Cancelled();
            pollfd entry{process->answerFd(), POLLIN, 0};
            if (::poll(&entry, 1, static_cast<int>(glance.count())) > 0)
                return;
            if (Clock::now() < std::min(hangs, end))
                continue;
            const std::uint64_t now = process->processorTime();
            if (now <= computed || Clock::now() >= end)
                throw Error("worker-hung")
                    .expected(options.program + " to start within " + std::to_string(greetingTime.count()) + " ms")
                    .found("no sign of life")
                    .advice("It was ended, and is started again when it is needed.");
            computed = now;
            hangs = Clock::now() + greetingTime;
        }
    }

    void greet(Watch& watch, const Progress& progress)
    {
        waitForGreeting(progress);
        const auto hello = receive(process->answerFd(), 0, [&](int fd, short events) { watch.wait(fd, events); });
        if (hello.head.value("protocol", Json()) != protocolVersion)
            throw Error("worker-message")
                .expected("protocol " + std::to_string(protocolVersion))
                .found(dumpJson(hello.head, -1))
                .advice("Tieout is installed twice, in two versions.");
        greeted = true;
    }

    Message answer(std::uint64_t payloadLimit, const Progress& progress, Watch& watch)
    {
        const auto wait = [&](int fd, short events) { watch.wait(fd, events); };
        for (;;) {
            auto message = receive(process->answerFd(), payloadLimit, wait);
            const auto fraction = message.head.find("progress");
            if (fraction == message.head.end())
                return message;
            try {
                if (fraction->is_number())
                    progress.report(fraction->get<double>());
            } catch (const Cancelled&) { // waiting for the answer tells the worker
            }
        }
    }

    /// One request to a running worker. Whatever goes wrong on the way ends the worker; an error that it answers does not.
    Message exchange(const Json& head, Pieces payload, std::uint64_t payloadLimit, const Progress& progress)
    {
        Message message;
        bool cancelled = false;
        try {
            Watch watch(progress, options.watchdog);
            if (!greeted)
                greet(watch, progress);
            send(process->requestFd(), head, payload, [&](int fd, short events) { watch.wait(fd, events); });
            watch.listens(process->requestFd());
            message = answer(payloadLimit, progress, watch);
            cancelled = watch.isCancelled();
        } catch (const Error& error) {
            if (error.id() == "worker-gone")
                throwDied(head);
            stop();
            throw;
        } catch (...) {
            stop();
            throw;
        }
        if (cancelled)
            throw Cancelled();
        if (const auto error = message.head.find("error"); error != message.head.end())
            throw toError(*error);
        return message;
    }

    [[noreturn]] void throwDied(const Json& head)
    {
        const auto how = process ? process->end() : std::string("not running");
        const bool killed = process && process->wasKilled();
        stop();
        const auto name = head.find("request");
        throw Error(killed ? "worker-killed" : "worker-died")
            .expected("an answer from " + options.program +
                      (name != head.end() && name->is_string() ? " to \"" + name->get<std::string>() + "\"" : ""))
            .found("its end by " + how)
            .advice(killed ? "Somebody ended it, or the system for want of memory. It is started again when it is needed."
                           : "It is started again when it is needed.");
    }
};

Client::Client(Options options) : d(std::make_unique<Private>())
{
    static const auto ignored = std::signal(SIGPIPE, SIG_IGN);
    static_cast<void>(ignored);
    d->options = std::move(options);
#ifdef TIEOUT_SANITIZED
    d->options.addressSpace = 0;
#endif
    d->start();
}

Client::~Client() = default;

Message Client::request(const Json& head, Pieces payload, std::uint64_t payloadLimit, const Progress& progress)
{
    const std::lock_guard lock(d->mutex);
    if (progress.isCancelled())
        throw Cancelled();
    try {
        d->makeReady(progress);
    } catch (...) { // a worker that lacks its state is of no use
        d->stop();
        throw;
    }
    return d->exchange(head, payload, payloadLimit, progress);
}

void Client::onRestart(std::function<void(const Request&)> function)
{
    const std::lock_guard lock(d->mutex);
    d->restarted = std::move(function);
}

int Client::processId() const
{
    return d->pid;
}

int Client::starts() const
{
    return d->starts;
}

}
