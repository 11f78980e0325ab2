// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/mapping.h"

namespace core::mapping {

/// Refuses places that layers of a file without wiring have among its twin's by their values alone, where layers alike would stand the
/// other way round by what their names say: the name that one of them has in common with the other's place, or the numbers that they are
/// counted by against the order in which the twin computes. Either the weights were exchanged, which makes another network, or the names
/// mean something else; the file does not tell. What was linked by hand stays. Throws Error("borrow-crossed").
void refuseCrossed(const Model& parameters, const Model& twin, const Mapping& mapping, bool parametersOnLeft);

}
