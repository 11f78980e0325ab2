// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/board.h"

namespace core::mapping {

/// Pairs by the graph what stronger evidence left, starting from the anchors that stand: ops whose surroundings are alike and found once on
/// each side; then what lies in the chains between anchors and branch points, by alignment; then neighbours of anchors. Until nothing new
/// is found. Returns ops that several alignments of one worth would pair differently.
std::vector<Pairing> pairByWiring(Board& board);

}
