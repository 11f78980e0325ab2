// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/call.h"

namespace core::layers {

/// The shapes, without batch, that the model tells of its inputs, in their order: -1 where any size will do, nothing where it tells none.
std::vector<std::optional<Shape>> toldShapes(const Model& model);

/// Values as far as the shapes of the model's inputs tell them, those with open sizes left out; all empty without wiring. `problems` (may
/// be null) gets one Error text an op that cannot be inferred by itself.
Values toldValues(const Model& model, std::map<int, std::string>* problems = nullptr);

}
