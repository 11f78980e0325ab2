// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/cleanup.h"

#include <array>
#include <atomic>
#include <climits>
#include <csignal>
#include <cstring>
#include <unistd.h>

namespace core {

namespace {

enum State { Free, Filling, Armed };

/// What a signal handler may read: fixed memory and lock-free flags.
struct Slot
{
    std::atomic<int> state = Free;
    char path[PATH_MAX];
};

std::array<Slot, 32> slots;

void takeAway(int signal)
{
    for (const Slot& slot : slots)
        if (slot.state == Armed)
            ::unlink(slot.path);
    ::raise(signal); // SA_RESETHAND: ends the program as it would have without us
}

void installHandlers()
{
    struct sigaction now
    {
    };
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        if (::sigaction(signal, nullptr, &now) != 0 || now.sa_handler != SIG_DFL) // nohup's, or somebody's own
            continue;
        now.sa_handler = takeAway;
        now.sa_flags = static_cast<int>(SA_RESETHAND);
        sigemptyset(&now.sa_mask);
        ::sigaction(signal, &now, nullptr);
    }
    if (::sigaction(SIGXFSZ, nullptr, &now) == 0 && now.sa_handler == SIG_DFL)
        ::signal(SIGXFSZ, SIG_IGN);
}

}

void installCleanup()
{
    [[maybe_unused]] static const bool installed = (installHandlers(), true);
}

namespace {

/// The slot that holds the path; one past the last when all are in use.
std::size_t armed(const std::string& path)
{
    for (std::size_t i = 0; i < slots.size() && path.size() < sizeof slots[i].path; ++i) {
        int expected = Free;
        if (!slots[i].state.compare_exchange_strong(expected, Filling))
            continue;
        std::memcpy(slots[i].path, path.c_str(), path.size() + 1);
        slots[i].state = Armed;
        return i;
    }
    return slots.size();
}

}

Doomed::Doomed(std::string path) : m_path(std::move(path))
{
    installCleanup();
    m_slot = armed(m_path);
}

void Doomed::keep()
{
    if (m_slot < slots.size())
        slots[m_slot].state = Free;
    m_slot = slots.size();
    m_path.clear();
}

Doomed::~Doomed()
{
    if (!m_path.empty())
        ::unlink(m_path.c_str());
    keep();
}

}
