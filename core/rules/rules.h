// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <string>
#include <string_view>
#include <vector>

namespace core::rules {

/// The twin's own value stays: its counterpart does not exist on the other side (num_batches_tracked).
constexpr std::string_view keptRule = "kept";

/// Id of the rule that brings `from` to `to`: "same", "transpose", "oihw->hwio", "flatten-chw->hwc", ...; reads left to right. Axes of
/// Parameter::axes decide; without labels shapes must be equal. Throws Error("axes-disagree") when shapes or labels cannot agree.
std::string ruleId(const Parameter& from, const Parameter& to);
/// What a person reads on a link's badge: "OIHW -> HWIO", "transposed", "C,H,W -> H,W,C", "same".
std::string ruleTitle(std::string_view ruleId);
/// Whether the rule has an inverse.
bool isBijective(std::string_view ruleId);

/// `from` in the layout, dtype and shape of `to`; `fromParameters` tell the layout that `from` is in.
std::vector<Tensor> applyRule(std::string_view ruleId, const std::vector<Tensor>& from, const std::vector<const Parameter*>& fromParameters,
                              const std::vector<const Parameter*>& to);

/// `tensor` in another floating type, rounded to the nearest (ties to even); unchanged when the types are equal.
/// Throws Error("dtype-cast") between types that hold different kinds of numbers.
Tensor cast(const Tensor& tensor, DType dtype);
/// Whether every value of `from` can be held by `to` exactly.
bool holdsExactly(DType from, DType to);

}
