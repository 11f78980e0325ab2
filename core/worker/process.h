// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace core::worker {

/// A child process with a pipe in each direction (its descriptors 3 and 4), both non-blocking on this side. Killed on
/// destruction, which waits for nothing: its entry in the table of processes goes with the next one that starts or ends.
class Process
{
public:
    /// `program`: an absolute path, or a name that is looked for beside this executable and in ../libexec/tieout. `inheritedFd` becomes
    /// descriptor 5. Throws Error("worker-missing") or Error("worker-start").
    Process(const std::string& program, int inheritedFd, std::uint64_t addressSpace);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    int id() const { return m_pid; }
    int requestFd() const { return m_requestFd; }
    int answerFd() const { return m_answerFd; }

    bool hasEnded();
    /// Kills it when it does not end by itself at once, and says how it ended: "signal 11 (Segmentation fault)", "exit status 3".
    std::string end();
    /// Of one that has ended: by a signal that no fault of its own raises (SIGKILL, SIGTERM ...): somebody, or the kernel for want of
    /// memory.
    bool wasKilled() const;
    /// Processor time that it has used, in ticks; 0 when it is gone or cannot be asked.
    std::uint64_t processorTime() const;

private:
    int m_pid = -1, m_requestFd = -1, m_answerFd = -1;
    bool m_ended = false;
    int m_status = 0;
};

}
