// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/tensor/source.h"

namespace core {

/// A part of a tensor: along each axis `size` elements from `start`, every `step`th one.
struct Box
{
    Shape start, size, step; ///< `step` empty: every one
};

/// Reads only what the box needs where the values stand in a file or in memory (a worker's dataset is read whole). The result has the
/// shape `box.size`. Throws Error("tensor-box") for a box that is not within the tensor or larger than `limit` bytes, and what read()
/// throws.
Tensor readBox(const TensorSource& source, const Box& box, const Progress& progress = Progress(),
               std::uint64_t limit = std::uint64_t{1} << 30);

}
