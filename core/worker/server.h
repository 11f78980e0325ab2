// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/worker/protocol.h"

#include <functional>

namespace core::worker {

/// What a handler answers: a head (gets "ok":true) and payload pieces that stay valid until it is sent.
struct Answer
{
    Json head = Json::object();
    std::vector<Tensor> payload;
    std::vector<std::byte> raw; ///< sent after the tensors
};

/// The handler may call `progress(fraction)`; it returns false when the request was cancelled, and then the answer does not matter any
/// more. core::Error and std::exception become error answers.
using Handler = std::function<Answer(const Message& request, const std::function<bool(double)>& progress)>;

/// Runs a worker program: descriptors 0 and 1 become /dev/null, no core dumps. Reads from descriptor 3, writes to descriptor 4; descriptor
/// 5 is the inherited one. Ends when its pipe closes, also in the middle of a request (PR_SET_PDEATHSIG would not do: it is sent when the
/// *thread* that started the worker ends, and a thread pool's do). `makeHandler` runs after the greeting; what it throws is answered to
/// every request. Returns the exit status for main().
int serve(const std::function<Handler()>& makeHandler);

}
