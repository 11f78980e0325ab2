// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/worker/protocol.h"

#include <functional>

namespace core::worker {

/// What a handler answers: a head (gets "ok":true) and payload pieces that stay valid until it is sent.
struct Answer
{
    Json head;
    std::vector<Tensor> payload;
    std::vector<std::byte> raw; ///< sent after the tensors
};

/// The handler may call `progress(fraction)`; it returns false when the request was cancelled. core::Error and std::exception become error answers.
using Handler = std::function<Answer(const Message& request, const std::function<bool(double)>& progress)>;

/// Runs a worker program until its pipe closes: descriptors 0 and 1 become /dev/null, PR_SET_PDEATHSIG is set, no core dumps. Reads from descriptor 3, writes to
/// descriptor 4; descriptor 5 is the inherited one. Returns the exit status for main().
int serve(const std::function<Handler()>& makeHandler);

}
