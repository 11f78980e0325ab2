// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QEvent>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

/// How long the calling thread computed or slept: the clock's time without that in which it was ready and got no processor, since the
/// machine may be shared. proc(5): the second number of schedstat is that time in nanoseconds; without the file it is the clock's.
class OwnTime
{
public:
    OwnTime() : m_fd(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)) {}
    ~OwnTime() { ::close(m_fd); }
    OwnTime(const OwnTime&) = delete;
    OwnTime& operator=(const OwnTime&) = delete;

    double milliseconds() const
    {
        char text[128] = {};
        const bool told = ::pread(m_fd, text, sizeof text - 1, 0) > 0;
        char* second = text;
        std::strtoull(text, &second, 10);
        const auto queued = told ? std::strtoull(second, nullptr, 10) : 0ULL;
        const std::chrono::duration<double, std::milli> now = std::chrono::steady_clock::now().time_since_epoch();
        return now.count() - static_cast<double>(queued) / 1e6;
    }

private:
    int m_fd;
};

/// An application that keeps the longest time in which its thread was in one event handler.
template <typename Application>
class TimedApplication final : public Application
{
public:
    using Application::Application;

    double longest() const { return m_longest; }
    void restart() { m_longest = 0; }

    /// What a handler would do, timed as one.
    template <typename Action>
    void handle(Action action)
    {
        const double begin = m_time.milliseconds();
        ++m_depth;
        action();
        --m_depth;
        m_longest = std::max(m_longest, m_time.milliseconds() - begin);
    }

    bool notify(QObject* receiver, QEvent* event) override
    {
        if (m_depth > 0 || event->type() == QEvent::Quit)
            return Application::notify(receiver, event);
        bool done = false;
        handle([&] { done = Application::notify(receiver, event); });
        return done;
    }

private:
    OwnTime m_time;
    int m_depth = 0;
    double m_longest = 0;
};
