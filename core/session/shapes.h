// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/arrays.h"

namespace core::session {

/// The model with the shapes that these arrays, one for each of its inputs (null where it tells nothing), have for those that it leaves
/// open.
Model withShapesOf(const std::vector<InputArray>& arrays, Model model);
/// The model with the shapes of its twin's inputs, where both have several.
Model withShapesOf(const Model& twin, Model model);

}
