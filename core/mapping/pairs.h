// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/mapping.h"

namespace core::mapping {

/// In what the ops of a link compute otherwise given the same weights: settings, or an activation that only one side has. Empty where
/// nothing is known.
std::vector<std::string> differences(const Link& link, const Model& left, const Model& right);

/// The mapping with each parameter link's rule named anew after the labels that the parameters have now (borrowed wiring may tell more than
/// shapes did); what no longer agrees goes.
Mapping withRules(Mapping mapping, const Model& left, const Model& right);

}
