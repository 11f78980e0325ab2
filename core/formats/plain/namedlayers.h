// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

namespace core::formats {

/// Layers for a file that only names its arrays: all up to the last '.' or '/' of a name is the layer, the rest the role. Where names and
/// shapes are those of a PyTorch state dict ("conv1.weight") or of Keras ("conv2d/kernel:0"), kinds and axes are told too. Names without
/// any of the two make no layer.
void groupByNames(Model& model);

/// Orders parameters as a person counts: "layer2" before "layer10". For files whose writer has sorted the names.
void sortByNames(std::vector<Parameter>& parameters);

}
