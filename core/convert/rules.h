// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/mapping.h"

#include <string>

namespace core::convert {

/// Id of the rule that brings `from` to `to`: "same", "transpose", "oihw->hwio", "flatten-chw->hwc", ...; reads left to right.
/// Throws Error("axes-disagree") when shapes or labels cannot agree.
std::string ruleId(const Parameter& from, const Parameter& to);
/// What a person reads on a link's badge: "OIHW -> HWIO", "transposed", "C,H,W -> H,W,C", "same".
std::string ruleTitle(std::string_view ruleId);
/// Whether the rule has an inverse.
bool isBijective(std::string_view ruleId);

/// Values of `link.left` in the layout, dtype and shape of `link.right` (toRight) or the other way round; one tensor for each target name.
std::vector<Tensor> applyRule(const mapping::ParameterLink& link, const Model& left, const Model& right, bool toRight);
/// The same on tensors that were read already, e.g. for the inverse proof.
std::vector<Tensor> applyRule(std::string_view ruleId, const std::vector<Tensor>& from, const std::vector<const Parameter*>& to);

}
