// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

namespace core::layers {

/// Two ops, the second of which takes the first's value alone, that together compute what one op can compute.
struct Composite
{
    /// Whether the ops, of which the first has that input (null: unknown), may be the pattern; cheap.
    bool (*covers)(const Op& first, const Op& second, const Value* input);
    /// The two in one op of the kind of `single`, whose settings are then compared with that one's; nothing where it cannot be.
    std::optional<Op> (*whole)(const Op& first, const Op& second, const Op& single);
    /// Which of the two bears the parameters and is the mate of the single op: 0 or 1.
    int main;
    /// What is not the same all the same, as a sentence's part; empty: nothing.
    std::string (*caveat)(const Op& first, const Op& second);
    std::string_view id, title; ///< of the reason that links give
};

/// The patterns: zero padding in front of a window, cropping behind a transposed convolution, a pooling over everything with a Flatten
/// behind it.
std::span<const Composite> composites();
/// The pattern that two ops may be, or null.
const Composite* compositeOf(const Op& first, const Op& second, const Value* input);

/// Whether the op gives the average over all of height and width.
bool averagesAll(const Op& op, const Value* input);
/// Settings as they are with zero padding in front of the window taken in.
Op withPadding(Op op, const Op& padding);
/// Whether the op puts zeros around images and does nothing else.
bool padsOnly(const Op& op);

}
