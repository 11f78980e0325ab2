// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/shape.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// What an axis means. Values: N batch, C channel, H, W, T time, F feature. Parameters: o, i, h, w (kernel), m (multiplier).
/// A flattened axis lists the axes it was made of, outermost first, with their sizes.
struct Axis
{
    struct Part
    {
        std::string name;
        std::int64_t size = 0;
        bool operator==(const Part&) const = default;
    };
    std::string name;        ///< empty: unlabelled
    std::vector<Part> parts; ///< not empty only for a flattened axis

    bool operator==(const Axis&) const = default;
};

/// One label for each dimension; an empty list means that nothing is known.
using Axes = std::vector<Axis>;

/// Axes from single letters: axesOf("NCHW").
Axes axesOf(std::string_view letters);
/// "N,C,H,W", "N,flat(C,H,W)"; "?" for an unlabelled axis.
std::string text(const Axes& axes);
/// Position of the axis called `name`, or -1.
int indexOf(const Axes& axes, std::string_view name);
/// A flattened axis made of `axes` with `sizes` (flattened ones among them are unfolded); a single non-trivial axis stays itself.
Axis flattened(const Axes& axes, const Shape& sizes);

/// How to bring a dense tensor from one labelling to another: split into `split` sizes, transpose by `permutation`
/// (numpy's sense: result axis k is split axis permutation[k]), and see it as `shape`.
struct Relabelling
{
    Shape split;
    std::vector<int> permutation;
    Shape shape;
    bool isIdentity() const; ///< no element moves in memory
};

/// Finds the relabelling. Axes of size 1 may be missing on either side; an unlabelled axis or a lone differing label matches by
/// position when the sizes agree. Throws Error("axes-disagree") when labels or sizes cannot agree.
Relabelling relabelling(const Shape& shape, const Axes& from, const Shape& targetShape, const Axes& to);

}
