// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/match.h"

#include <functional>
#include <vector>

namespace core::mapping {

/// Ops (indices) that compute the same thing; two on one side where the other says it in one.
struct Pairing
{
    std::vector<int> left, right;
    auto operator<=>(const Pairing&) const = default;
};

struct Alignment
{
    std::vector<Pairing> path;      ///< one of the best alignments
    std::vector<Pairing> certain;   ///< in every one of the best alignments
    std::vector<Pairing> contested; ///< in some of them only; transparent ops are left out
    int worth = 0;                  ///< of the best ones; 0 when nothing is paired
};

/// Whether two ops may be paired at all.
using MayPair = std::function<bool(int left, int right)>;

/// Aligns two op lists in order (the dynamic programming of Needleman and Wunsch, J. Mol. Biol. 48, 1970) and looks at all alignments of
/// the greatest score: neighbours that stay neighbours count, transparent ops are no gap.
Alignment align(Matcher& matcher, const Sides& sides, const std::vector<int>& left, const std::vector<int>& right,
                const MayPair& mayPair = {});

}
