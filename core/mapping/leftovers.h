// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/board.h"
#include "core/mapping/mapping.h"

namespace core::mapping {

/// Pairs ops with weights that have each other as the only candidate left: first those that fit without any difference.
void pairByShape(Board& board);

/// What is left and would fit several or whose place alone would decide: ops with weights of one kind and shape on both sides, and those of
/// `contested` that are still free.
std::vector<Ambiguity> ambiguities(Board& board, const std::vector<Pairing>& contested);

}
