// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <memory>

namespace core {

/// Handed to every job that may take long. `report` tells how far it is (0..1) and throws Cancelled once `cancel` was called.
/// Copies share one state; safe to use from several threads.
class Progress
{
public:
    using Listener = std::function<void(double fraction)>;

    explicit Progress(Listener listener = {}) : m_state(std::make_shared<State>()) { m_state->listener = std::move(listener); }

    void report(double fraction) const;
    void cancel() const { m_state->cancelled = true; }
    bool isCancelled() const { return m_state->cancelled; }

private:
    struct State
    {
        std::atomic<bool> cancelled = false;
        Listener listener;
    };
    std::shared_ptr<State> m_state;
};

}
