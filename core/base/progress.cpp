// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/progress.h"

#include "core/base/error.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>

namespace core {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto pause = std::chrono::milliseconds(50);

}

struct Progress::State
{
    std::atomic<bool> cancelled = false;
    std::shared_ptr<State> whole; ///< of which this is a part
    double from = 0, to = 1;

    Listener listener;
    std::mutex mutex;
    Clock::time_point next; ///< nothing is told before
    double told = 0;

    void tell(double fraction);
};

void Progress::State::tell(double fraction)
{
    if (!listener)
        return;
    const std::lock_guard lock(mutex);
    const auto now = Clock::now();
    const bool isEnd = fraction >= 1 && told < 1;
    if (now < next && !isEnd)
        return;
    next = now + pause;
    told = std::max(told, fraction);
    listener(told);
}

Progress::Progress(Listener listener) : m_state(std::make_shared<State>())
{
    m_state->listener = std::move(listener);
}

void Progress::report(double fraction) const
{
    if (isCancelled())
        throw Cancelled();
    State* state = m_state.get();
    for (; state->whole; state = state->whole.get())
        fraction = state->from + (state->to - state->from) * fraction;
    state->tell(fraction);
}

Progress Progress::part(double from, double to) const
{
    auto state = std::make_shared<State>();
    state->whole = m_state;
    state->from = from;
    state->to = to;
    return Progress(std::move(state));
}

void Progress::cancel() const
{
    m_state->cancelled = true;
}

bool Progress::isCancelled() const
{
    for (const State* state = m_state.get(); state; state = state->whole.get())
        if (state->cancelled)
            return true;
    return false;
}

}
