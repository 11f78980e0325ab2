// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace core::layers {

/// What a class or operator does to the axes of what it takes, at inference.
enum class Effect {
    None,     ///< not known
    Keeps,    ///< every element stays at its place
    Merges,   ///< element by element over all inputs
    Joins,    ///< inputs one behind the other along an axis
    Makes,    ///< features of its own
    Images,   ///< channels on an axis of their own before and behind
    Averages, ///< one value a channel
    Reshapes
};

/// Of a class of torch.nn or keras.layers (2 and 3) or an operator of ATen (native_functions.yaml).
Effect effectOf(std::string_view type);

}
