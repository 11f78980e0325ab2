// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

namespace core {

/// What a sentence calls an op: its layer's name and class, "2 (GELU)", or the input by its name.
std::string shownOp(const Model& model, int op);
/// Class name of an op's layer, else the op's own kind.
std::string className(const Model& model, const Op& op);

}
