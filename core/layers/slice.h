// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

namespace core::layers {

/// What a slice takes of one dimension.
struct Cut
{
    std::size_t place = 0;
    std::int64_t begin = 0, count = 0, step = 1;
    bool drops = false; ///< the dimension goes with it
};

/// Of an op of kind slice. Throws Error("shape-slice") or Error("shape-axis") where its input has no such part.
std::vector<Cut> cutsOf(const Op& op, const Value& in);
/// Sizes along the axis of an op of kind split. Throws Error("shape-split") where they are not those of its input.
Ints piecesOf(const Op& op, const Value& in);
/// The input's dimensions in the order in which a permute puts them out. Throws Error("shape-permute") or Error("shape-axis").
std::vector<std::size_t> permutation(const Op& op, std::size_t rank);

}
