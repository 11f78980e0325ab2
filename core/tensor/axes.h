// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/shape.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// What is known of the order of the elements along an axis. Frameworks lay images out differently (C,H,W against H,W,C), so the order is
/// of one framework from where an image is flattened to where a Dense (or what else mixes all features) makes new ones.
/// - Plain: no image was flattened into it. Features of a Dense and channels of an image count alike in both frameworks.
/// - Known: flattened; the parts say from what.
/// - Unknown: behind something that Tieout cannot follow, which may flatten, permute or reshape. It never counts as the same as the other
///   framework's, whatever that is; of two files of one framework it does, since they share their habits. The channels that a convolution
///   takes are Plain even there: an image has an axis for them in either layout. What a layer of no known class makes of a vector is
///   Unknown too, since it may build an image inside; what keeps every element at its place (layers::keepsAxes) is followed.
enum class Order { Plain, Known, Unknown };

/// What an axis means. Values: N batch, C channel, H, W, T time, F feature. Parameters: o, i, h, w (kernel), m (multiplier).
/// A flattened axis lists the axes it was made of, outermost first, with their sizes; one joined of others lists those.
struct Axis
{
    struct Part
    {
        std::string name;
        std::int64_t size = 0;
        bool operator==(const Part&) const = default;
    };
    std::string name;                ///< empty: unlabelled
    std::vector<Part> parts;         ///< not empty only for a flattened axis
    std::vector<Axis> segments = {}; ///< axes that a Concatenate joined, of which one at least is not plain; or plain blocks, as gates are
    std::int64_t size = 0;           ///< of a segment
    std::string unknownBecause = {}; ///< not empty: the order is unknown, and why, as a clause ("Tieout cannot follow x")
    bool isAssumed = false;          ///< flattened as another file's wiring says, which need not be this one's

    Order order() const;
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
/// An axis called `name` whose order is unknown, and the clause that says why.
Axis lostAxis(std::string name, std::string because);
/// For each element along `to` its place along `from`, both `size` long; nullopt where the order of either is not known well enough: a
/// plain axis is taken for a flattened image only where the image has no channels that could stand elsewhere.
std::optional<std::vector<std::int64_t>> elementOrder(const Axis& from, const Axis& to, std::int64_t size);
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
/// position when the sizes agree. Throws Error("axes-disagree") when labels or sizes cannot agree, or an order is not known.
Relabelling relabelling(const Shape& shape, const Axes& from, const Shape& targetShape, const Axes& to);

}
