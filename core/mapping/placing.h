// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/labelled.h"
#include "core/mapping/mapping.h"

#include <map>
#include <set>

namespace core::mapping {

/// Where the layers without weights that a file without wiring names (activations, pooling, Flatten, Dropout) stand among its twin's ops.
struct Placement
{
    std::map<int, const Layer*> own; ///< by index of the twin's op; layers of the file
    std::set<const Layer*> unused;   ///< of no effect at inference, and without a place
};

/// Layers of one family (activations, poolings, ...) take the twin's places of that family: by equal names, else in order. None named: the
/// file's code may call functions, and the twin tells them. Otherwise the numbers must agree, and where the layers are not alike the file's
/// order must say which is which: it counts where layers without weights are listed between those with some. Throws
/// Error("borrow-contradicts") where the file and its twin cannot both be right, or where that cannot be known.
Placement placed(const Model& parameters, const Labelled& twin, const Mapping& mapping, bool parametersOnLeft);

}
