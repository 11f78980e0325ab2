// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/hdf5/h5file.h"
#include "core/model/model.h"

namespace core::formats {

/// Gives a wired model its parameters from the group at `root` ("/model_weights"): by the last part of their names, else by order
/// (formats.md B1). Missing, left over and ill-shaped weights become notes, and the ops that need them cannot run.
void addKerasWeights(Model& model, const H5Contents& contents, const std::string& root);

/// A model of what a weights-only file tells: one op for each layer with weights, its kind as far as shapes tell it.
Model kerasWeightsModel(const H5Contents& contents, const std::string& root, std::string_view version);

}
