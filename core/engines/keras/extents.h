// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/kernels/kernels.h"
#include "core/model/attributes.h"

#include <string>
#include <utility>

namespace core::engines {

/// As depth, height and width; those that are not there are `missing`.
kernels::Extent extent(const Ints& sizes, std::int64_t missing = 1);
/// What stands before and after each dimension: top, bottom, left, right.
std::pair<kernels::Extent, kernels::Extent> sides(const Ints& pads);
/// Of the setting padding_mode.
kernels::Beyond beyondOf(const std::string& mode);

}
