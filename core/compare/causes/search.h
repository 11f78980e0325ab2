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

/// Whether an error is within the tolerance after a repair, and at least ten times smaller than before.
bool vanished(double before, double after, double tolerance);
/// The values of two ops in each other's places; empty where they do not fit, or are the same. Throws Error.
Repair exchangedWeights(const Op& a, const Op& b, const Model& model);

/// Links that cross, two layers of equal shapes holding each other's weights, as the wiring has them; and the causes that tell it.
struct Uncrossed
{
    mapping::Mapping mapping;
    std::vector<Cause> causes;
};
Uncrossed uncrossed(const Side& left, const Side& right, const mapping::Mapping& mapping, double tolerance, const Progress& progress);

}
