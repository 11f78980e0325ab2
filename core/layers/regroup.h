// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/call.h"

namespace core::layers {

/// Dimension `axis` (negative: from the end) of `rank`. Throws Error("shape-axis") at `op` when there is none.
std::size_t placeOf(const Op& op, std::int64_t axis, std::size_t rank);

/// Throws Error("shape-batch") when the dimension holds the samples, which must not be mixed or picked.
void requireSamplesKept(const Op& op, const Value& input, std::size_t place);

/// Labels of dimensions `from` with `axes` seen as `to`, both of as many elements. What was one axis and becomes several has parts that
/// bear its name and their places ("F.1of2"), and is that axis again when they are joined; what cannot be told is of unknown order.
Axes regrouped(const Axes& axes, const Shape& from, const Shape& to);

/// The axis of some elements of what `axis` labels: in unknown order where its own is not plain.
Axis partOf(const Axis& axis, const Op& op);

/// Which dimensions an op with `axes` takes together.
std::vector<bool> reducedPlaces(const Op& op, const Value& in);

/// `in` with its dimensions in another order, which must be one of all of them.
Value permuted(const Value& in, const std::vector<std::size_t>& order);

/// What two reshaping ops put out: empty where it is alike, as far as labels tell, else "what" and the sizes.
std::string outputsDiffer(std::string_view what, const Call& a, const Call& b, std::vector<Value> (*infer)(const Call&));

}
