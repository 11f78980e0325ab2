// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/mapping.h"

namespace core::mapping {

/// By link: in what its ops compute otherwise given the same weights, settings or an activation. Empty where nothing is known.
std::vector<std::vector<std::string>> differences(const Mapping& mapping, const Model& left, const Model& right);

/// The mapping with each parameter link's rule named anew after the labels that the parameters have now (borrowed wiring may tell more than
/// shapes did); what no longer agrees goes.
Mapping withRules(Mapping mapping, const Model& left, const Model& right);

/// The mapping with the ops that `borrowed` took from `twin` linked to those that they were taken from: an activation joins the link of the
/// layer that fuses it; layers of their own get links only with `newLinks` (not after a person has edited the mapping).
Mapping withBorrowed(Mapping mapping, const Model& borrowed, const Model& twin, bool borrowedOnLeft, bool newLinks = true);

}
