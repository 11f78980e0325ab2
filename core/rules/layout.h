// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

namespace core::rules {

/// How the dimensions of two labelled parameters of one rank correspond.
struct Dimensions
{
    std::vector<int> from;  ///< for each dimension of `to` that of `from`
    std::vector<int> mixed; ///< dimensions of `to` along which a flattening, or what is not known, may have changed the order
};

/// nullopt where labels are missing or the ranks differ. Throws Error("axes-disagree").
std::optional<Dimensions> dimensions(const Parameter& from, const Parameter& to);

/// "chw"; segments are divided by '|', an axis that was never flattened gives its name.
std::string letters(const Axis& axis);
/// The axis that `text` describes, with the sizes that `like` (of known order) has for the same parts. Throws Error("rule-shape").
Axis axisLike(std::string_view text, const Axis& like);
/// The order in which the other framework flattens the same image: channels last instead of first, or first instead of last.
Axis otherHabit(const Axis& axis);

}
