// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

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

/// Reads both. Throws Error: unreadable values, labels or shapes that cannot agree.
ValueDifference valueDifference(const Parameter& from, const Parameter& to);

}
