// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/call.h"

#include <span>

namespace core::layers {

/// The axis where both are alike, else one of unknown order.
Axis sameOrLost(const Axis& a, const Axis& b);

/// Values of one rank behind each other along the dimension `at`; nullopt where other sizes differ. The joined axis lists its segments
/// where one at least is not plain; the order of axes whose labels differ is unknown, and nothing is labelled where one value is not.
std::optional<Value> joined(std::span<const Value> inputs, std::size_t at);

/// Element by element over values of one rank, sizes of 1 stretched; nullopt where sizes do not fit. Labels as in joined().
std::optional<Value> merged(std::span<const Value> inputs);

}
