// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rules/table.h"

namespace core::rules {

/// (channels x multiplier, 1, ...) as (..., channels, multiplier), and back: both frameworks number what a channel makes one behind the
/// other.
std::vector<Tensor> channelsApart(const Application& what);
std::vector<Tensor> channelsJoined(const Application& what);

}
