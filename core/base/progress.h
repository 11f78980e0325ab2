// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

namespace core {

/// Handed to every job that may take long. `report` tells how far it is (0..1) and throws Cancelled once `cancel` was called. The listener
/// hears of it at most 20 times a second and never of less than before, however often and by however many threads it is reported.
/// Copies share one state; safe to use from several threads.
class Progress
{
public:
    using Listener = std::function<void(double fraction)>;

    explicit Progress(Listener listener = {});

    void report(double fraction) const;
    /// For a stage of the job: its 0..1 are `from`..`to` of this one, and both are cancelled together.
    Progress part(double from, double to) const;
    void cancel() const;
    bool isCancelled() const;

private:
    struct State;
    explicit Progress(std::shared_ptr<State> state) : m_state(std::move(state)) {}

    std::shared_ptr<State> m_state;
};

}
