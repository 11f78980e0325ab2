// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/hdf5/h5file.h"
#include "core/formats/keras/config/config.h"
#include "core/formats/keras/finish.h"
#include "core/model/model.h"

namespace core::formats {

/// Gives a wired model its parameters from the group at `root` ("/model_weights"): a group for each layer of the outermost model, the
/// weights in it by the parts of their names, else by order (formats.md B1). `flat` is what the model was made of, `producer` who wrote the
/// weights: those of Keras 1 and of Theano are brought to today's conventions.
void addKerasWeights(Model& model, const KerasGraph& flat, const H5Contents& contents, const std::string& root,
                     const KerasProducer& producer);

/// A model of what a weights-only file tells: one op for each layer with weights, its kind as far as names and shapes tell it.
Model kerasWeightsModel(const H5Contents& contents, const std::string& root, std::string_view version);

/// Weights of Keras 0.x: groups layer_0, layer_1 ... with param_0, param_1 ...
bool isKeras0(const H5Contents& contents, const std::string& root);
Model keras0WeightsModel(const H5Contents& contents, const std::string& root);

/// "sequential/conv2d/kernel:0" -> "kernel"; Keras 1's "dense_1_W", "dense_1_running_std" by today's names.
std::string kerasRole(std::string_view weightName, std::string_view layerName);

/// The backend of a file that names none: TensorFlow's weights end in ":0", Theano's do not. Empty when there are none.
std::string guessedBackend(const H5Contents& contents, const std::string& root);

}
