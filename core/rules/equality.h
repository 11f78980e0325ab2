// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <string_view>

namespace core::rules {

/// How two parameters' values differ when the first is brought to the layout of the second. Compared in the wider of the two types, so a
/// weight that was rounded on one side is not equal. NaN at the same place on both sides is equal; on one side only maxAbs and scaledMax
/// are NaN.
struct ValueDifference
{
    bool equal = false;
    double maxAbs = 0;
    double scaledMax = 0;       ///< max|a-b| / max(1, max|b|), as for activations
    std::int64_t differing = 0; ///< elements that are not equal
    std::int64_t worst = -1;    ///< flat index of the largest difference in the second one's order; -1 when all are equal
    std::int64_t nansFrom = 0, nansTo = 0;
};

/// Reads both. A parameter that only one side has is compared with its neutral value (`neutralRule`). Nothing where the rule tells no
/// order. Throws Error: unreadable values, labels or shapes that cannot agree.
std::optional<ValueDifference> valueDifference(std::string_view ruleId, const std::vector<const Parameter*>& from,
                                               const std::vector<const Parameter*>& to);
/// Through the rule that chosenRule finds.
std::optional<ValueDifference> valueDifference(const Parameter& from, const Parameter& to, bool sameFramework = false);

/// A rule and what speaks for it.
struct Choice
{
    enum class Ground {
        Labels,  ///< both files tell their order, or what is assumed of it fits the values
        Values,  ///< the order is unknown or assumed otherwise, and moving the values makes them equal, which is no chance; or their order
                 ///< does not matter
        Assumed, ///< as another file's wiring says
        Stored   ///< the values are equal as they are stored, which tells no order: that is how weights look that nobody has moved, in two
                 ///< networks that take their features in different orders
    };
    std::string id; ///< "order-unknown" where nothing settles it
    Ground ground = Ground::Labels;
};

/// The rule by the labels; where they do not tell or are assumed the values are read and may settle it. Throws Error("axes-disagree").
Choice chosenRule(const Parameter& from, const Parameter& to, bool sameFramework);

/// Least and greatest value of a floating or integer parameter. Throws Error when unreadable.
std::pair<double, double> valueRange(const Parameter& parameter);

}
