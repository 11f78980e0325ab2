// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

namespace core::layers {

/// A shuffle as a dense value of `from` sizes, the dimensions of which lie in another order afterwards.
struct Shuffle
{
    Shape from;
    std::vector<std::size_t> order;
};
/// Of the kinds "pixelshuffle", "pixelunshuffle" and "channelshuffle". Throws Error("shape-image") and Error("shape-shuffle").
Shuffle shuffleOf(const Op& op, const Value& input);

}
