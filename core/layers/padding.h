// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

namespace core::layers {

/// Which dimensions a padding pads: `pads.size() / 2` of them side by side from `first` on (batch included).
struct PaddedPlaces
{
    std::size_t first = 0;
    Ints pads; ///< before and after of each, negative where it is cropped
};
/// Throws Error("shape-image") when the value has no such dimensions.
PaddedPlaces paddedPlaces(const Op& op, const Value& input);

}
