// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/mapping.h"

namespace core::mapping {

/// Op indices that belong together, left and right.
using PairedOps = std::vector<std::pair<int, int>>;

/// Which input of `right` is which of `left`, in the left model's order: by equal names, by the links of what they alone feed, then by the
/// models' order. Throws Error("inputs-differ") naming them where one side has more of them.
PairedOps pairedInputs(const Model& left, const Model& right, const Mapping& mapping);

}
