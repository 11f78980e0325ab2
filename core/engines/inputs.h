// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/engine.h"

#include <string>

namespace core::engines {

/// What a model is run on: for the name of each of its inputs a float tensor, batch first, in the model's own layout, labelled.
using Inputs = std::map<std::string, Tensor>;

/// An input of a wired model.
struct ModelInput
{
    int op = -1;
    std::string name;
    std::optional<Shape> shape; ///< without batch, -1 where any size will do; empty when the file does not tell
};

/// In the model's order.
std::vector<ModelInput> inputsOf(const Model& model);
/// "a [6], b [28,28,1]": how messages name them.
std::string text(const std::vector<ModelInput>& inputs);

/// What the engine is fed. Throws Error: "input-missing" and "input-surplus" name the inputs, "input-shape" tells what an input takes,
/// "input-batch" that two have different numbers of samples.
Feeds feedsFor(const Model& model, const Inputs& inputs);

}
