// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

namespace core::rules {

/// How two parameters' values differ when the first is brought to the layout of the second. Compared in the wider of the two types, so a
/// weight that was rounded on one side is not equal. NaN on both sides is equal; on one side only maxAbs is NaN.
struct ValueDifference
{
    bool equal = false;
    double maxAbs = 0;
};

/// Reads both. Throws Error: unreadable values, labels or shapes that cannot agree.
ValueDifference valueDifference(const Parameter& from, const Parameter& to);

}
