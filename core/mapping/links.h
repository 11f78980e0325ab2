// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/alignment.h"
#include "core/mapping/evidence.h"
#include "core/mapping/mapping.h"

namespace core::mapping {

/// Links of pairings that share a layer on either side, in the left side's order, with parameters, confidence and reasons.
std::vector<Link> makeLinks(const Sides& sides, Matcher& matcher, const std::vector<std::pair<Pairing, Evidence>>& pairings,
                            LinkOrigin origin, const Progress& progress = Progress());

/// The single ops of a pairing that correspond: the windowed one where a padding stands before it.
std::pair<int, int> mainPair(const Sides& sides, const Pairing& pairing);

/// Parameter links of two ops, one for each role that both have.
std::vector<ParameterLink> parameterLinks(const Model& left, const Op& a, const Model& right, const Op& b);

/// Whether the values are the same through the rule; empty when they cannot be read or brought together.
std::optional<bool> equalValues(const ParameterLink& link, const Model& left, const Model& right);

}
