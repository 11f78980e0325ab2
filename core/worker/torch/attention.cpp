// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/torch/forwards.h"

namespace core::worker::torch {

std::span<const Forward> attentionForwards()
{
    return {};
}

}
