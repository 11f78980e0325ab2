// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <string>
#include <string_view>
#include <vector>

namespace core::rules {

/// The twin's own value stays: its counterpart does not exist on the other side (num_batches_tracked).
constexpr std::string_view keptRule = "kept";
/// One side has no such parameter and computes as if it had its neutral value: gamma 1, beta and bias 0.
constexpr std::string_view neutralRule = "neutral";
/// PyTorch's recurrent layers add two biases where Keras' have one: their sum; and back, the one and zeros.
constexpr std::string_view biasSumRule = "bias-sum", biasZeroRule = "bias-zero";
/// Keras keeps both biases of a GRU as rows of one.
constexpr std::string_view biasRowsRule = "bias-rows", biasSplitRule = "bias-split";
/// Attention. PyTorch's projections are (heads * features of one, in), those of query, key and value often one behind the other in one
/// matrix; Keras' are (in, heads, features), and (heads, features, out) behind it: one matrix or vector into three, three into one, one
/// matrix into one of three dimensions, and back.
constexpr std::string_view headsSplitRule = "heads-split", headsJoinRule = "heads-join", headsApartRule = "heads-apart",
                           headsTogetherRule = "heads-together";
/// A depthwise kernel as PyTorch has it, (channels x multiplier, 1, ...), in Keras' (..., channels, multiplier), and back.
constexpr std::string_view channelsApartRule = "channels-apart", channelsJoinedRule = "channels-joined";
/// The order of the features is not known on one side or both: nothing can be moved.
constexpr std::string_view orderUnknownRule = "order-unknown";

/// Id of the rule that brings `from` to `to`: "same", "transpose", "oihw->hwio", "flatten-chw->hwc", ...; reads left to right. Axes of
/// Parameter::axes decide. "order-unknown" where they do not tell; between two files of one framework what is unknown lies as it stands.
/// Throws Error("axes-disagree") when shapes or labels cannot agree.
std::string ruleId(const Parameter& from, const Parameter& to, bool sameFramework = false);
/// Every rule that may hold where the order is unknown or assumed: all as it stands first, then what the side that is known allows.
std::vector<std::string> candidates(const Parameter& from, const Parameter& to, bool sameFramework = false);

/// What a person reads on a link's badge: "OIHW -> HWIO", "transposed", "C,H,W -> H,W,C", "same".
std::string ruleTitle(std::string_view ruleId);
/// The id of the rule that undoes it; empty when none does.
std::string inverseRule(std::string_view ruleId);
/// The id of the rule for the other direction: the inverse, or what does the same for a computation ("bias-zero" of "bias-sum"); empty when
/// there is none.
std::string oppositeRule(std::string_view ruleId);
/// Whether the rule has an inverse.
bool isBijective(std::string_view ruleId);
/// Whether the rule follows from what the parameters are for, whatever their labels say.
bool isOfRoles(std::string_view ruleId);
/// Whether the rule gives as many values as it takes.
bool keepsCount(std::string_view ruleId);

/// `from` as the rule's id says, in the dtype and shape of `to`; the parameters tell names and sizes of axes. Throws Error("rule-count")
/// for numbers of tensors that the rule does not take, Error("rule-shape") for shapes that it cannot bring to each other,
/// Error("order-unknown").
std::vector<Tensor> applyRule(std::string_view ruleId, const std::vector<Tensor>& from, const std::vector<const Parameter*>& fromParameters,
                              const std::vector<const Parameter*>& to);

/// The value with which a layer computes as if it had no such parameter; nothing for roles that have none.
std::optional<double> neutralValue(const Parameter& parameter);
/// A counter of training steps, which no network computes with.
bool isCounter(const Parameter& parameter);

/// `tensor` in another floating type, rounded to the nearest (ties to even) once; unchanged when the types are equal.
/// Throws Error("dtype-cast") between types that hold different kinds of numbers.
Tensor cast(const Tensor& tensor, DType dtype);
/// Whether every value of `from` can be held by `to` exactly.
bool holdsExactly(DType from, DType to);

}
