// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/worker/protocol.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace core::worker {

/// How to start a worker program and what it may use.
struct Options
{
    std::string program;  ///< "tieout-worker-torch"; looked for beside /proc/self/exe, then in ../libexec/tieout
    int inheritedFd = -1; ///< becomes descriptor 5 of the worker (4 and 3 are the pipes), -1: none; must stay open as long as the client
    std::uint64_t addressSpace = 0;            ///< RLIMIT_AS in bytes, 0: none (also none under a sanitizer)
    std::chrono::milliseconds watchdog{30000}; ///< without any message for this long the worker is killed
};

/// A worker process: started at construction, one request in flight (callers queue on a mutex), killed on destruction. When it dies or
/// hangs a request throws Error("worker-died"), Error("worker-killed") (from outside) or Error("worker-hung"), and the next request starts
/// another (`onRestart` runs first, to send a model again). One that has not greeted within 5 s, without computing, counts as hung.
class Client
{
public:
    explicit Client(Options options);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Sends a request and waits for the answer with head {"ok":true,...}. A message {"progress":x} is passed on; {"error":{...}} becomes
    /// core::Error with the worker's id, expected, found. Cancelling throws Cancelled and kills the worker when it does not answer within
    /// 100 ms. `payloadLimit`: the most bytes expected back.
    Message request(const Json& head, Pieces payload = {}, std::uint64_t payloadLimit = 0, const Progress& progress = Progress());

    /// Called after each start but the one at construction (with the lock held, through the given request function), so that state can be
    /// sent again.
    using Request = std::function<Message(const Json&, Pieces)>;
    void onRestart(std::function<void(const Request&)> function);

    int processId() const; ///< -1 while none runs
    int starts() const;    ///< how many processes were started so far

private:
    struct Private;
    std::unique_ptr<Private> d;
};

}
