// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/board.h"

namespace core::mapping {

/// Pairs ops whose parameters hold the same numbers, whatever their layout; as many copies on both sides keep to each other. Reads each
/// parameter once and only where shapes leave a choice. A parameter of one or two different values tells nothing
/// alone; all parameters of an op together do, once two different numbers among them are none that layers begin with (0, 1, -1).
void pairByValues(Board& board);

}
