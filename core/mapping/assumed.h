// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <set>

namespace core::mapping {

/// What the file of one side does not tell and the other side's does: whatever is computed with it holds as far as the two are alike.
struct Assumption
{
    bool onLeft = true;            ///< whose file does not tell it
    std::string from;              ///< path of the file that does
    std::vector<std::string> what; ///< "order", "settings", and classes of layers that only the other file has ("ReLU")
};

/// What a model with borrowed wiring takes for granted; nothing for one that tells its own.
std::optional<Assumption> assumption(const Model& model, bool onLeft);

/// "order, settings, ReLU and Flatten taken from b.h5".
std::string text(const Assumption& assumed);

/// Names of the layers that no file but the other side's tells.
std::set<std::string> borrowedLayers(const Model& model);

}
