// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tasks/task.h"

#include "core/base/fault.h"

namespace app {

core::Error toError(std::exception_ptr thrown)
{
    return core::asError(thrown);
}

void runAside(std::function<void()> work)
{
    static QThreadPool pool;
    pool.start(std::move(work));
}

void JobSlot::cancel()
{
    ++m_ticket;
    m_pending = nullptr;
    m_progress.cancel();
    setRunning(false);
}

void JobSlot::finish()
{
    if (const std::function<void()> next = std::exchange(m_pending, nullptr))
        next();
    else
        setRunning(false);
}

void JobSlot::setRunning(bool running)
{
    if (m_running == running)
        return;
    m_running = running;
    Q_EMIT runningChanged(running);
}

}
