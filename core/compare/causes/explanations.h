// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/causes/search.h"

#include <set>

namespace core::compare {

/// What would make weights equal that differ.
struct Explanation
{
    std::string id, what;
    std::set<std::size_t> weights; ///< places in the subject's list
    Repair repair;
    bool isNamed = true; ///< false: only that they differ
    std::vector<Element> elements = {};
};

/// The right's values where the variant has some of theirs.
std::vector<Tensor> withVariant(const Weights& weights, const Variant& variant);

/// All that explains weights that differ, and the mere difference where nothing does. Throws Cancelled.
std::vector<Explanation> explanationsOf(const Subject& subject, const Suspects& suspects, const Progress& progress);

}
