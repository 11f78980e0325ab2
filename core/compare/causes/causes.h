// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/compare.h"

namespace core::compare {

/// Why the pairs of layers differ that differ by themselves, in the order of the report's layers, the best first for each: hypotheses are
/// tried on parts of the right side with the left run's values, and those that make the local error vanish are proved; where none does the
/// weights are described. The report must have its local errors (addLocalErrors). Nothing is said of a layer that is within tolerance
/// alone and whose parameters are. Throws Cancelled.
std::vector<Cause> causesOf(const Report& report, const Side& left, const Side& right, const mapping::Mapping& mapping,
                            const Progress& progress = Progress());

/// The same of what the parameters alone tell, where nothing can run. Throws Cancelled.
std::vector<Cause> causesOfParameters(const Report& report, const Model& left, const Model& right, const mapping::Mapping& mapping,
                                      const Progress& progress = Progress());

}
