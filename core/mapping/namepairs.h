// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/board.h"

namespace core::mapping {

/// Pairs ops whose layers' names agree token by token (nameTokens) with exactly one on the other side. Names that a framework counted out
/// take no part.
void pairByNames(Board& board);

/// Pairs what is left by weaker names: where one is the end of the other ("backbone.conv1" and "conv1"), and those that were counted out
/// where both sides have the same set of them among ops of one colour.
void pairByWeakNames(Board& board);

}
