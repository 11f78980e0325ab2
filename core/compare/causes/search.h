// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/causes/hypotheses.h"

namespace core::compare {

/// A subject on the bench: what its pair gives alone, and with a repair.
struct Trial
{
    std::optional<Alone> alone; ///< empty: only its parameters can be compared
    std::optional<Part> part;
    Outcome before;
};

/// What is known of all suspects: whose weights stand in whose place.
using Suspects = std::vector<Subject>;

/// The causes of one suspect, proved ones first. Throws Cancelled.
std::vector<Cause> causesOf(const Subject& subject, const Suspects& suspects, const Trial& trial, const Bench* bench,
                            const Progress& progress);

}
