// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/mapping.h"

namespace core::mapping {

/// The link that holds an op of one side, or null.
const Link* linkOfOp(const Mapping& mapping, const std::string& op, bool onLeft);

/// The op of a file without wiring that is linked to an op of its twin, itself or as another call of the same layer. Throws
/// Error("borrow-missing").
const Op& mateOf(const Op& theirs, const Model& parameters, const Model& twin, const Mapping& mapping, bool parametersOnLeft);

/// Whether a layer with weights is of a kind that cannot run, and the twin has such layers, too: no result depends on it.
bool isUnknownOnBothSides(const Layer& layer, const Model& parameters, const Model& twin);

}
