// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/files/atomicfile.h"
#include "core/model/model.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace core::formats {

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

/// PyTorch zip state dict that torch.load(weights_only=True) reads: protocol 2, stored, 64-byte aligned, little-endian, no .format_version
/// (formats.md A1). Order and names as given. The caller commits the file; throws Error.
void writeTorchStateDict(AtomicFile& file, const NamedTensors& tensors);
/// The same, and puts it in place.
void writeTorchStateDict(const std::string& path, const NamedTensors& tensors);

/// Layers of a Keras model that are written under another name, which is the second: models in it are written layer by layer, and Keras 3
/// takes no "/" in a layer's name (keras.layers.Layer of 3.15).
std::map<std::string, std::string> kerasRenamed(const Model& model);

/// Keras HDF5 that Keras 2.10 to 3.15 load: configuration and layer order by formats.md B1, through the h5 worker. `model` is a Keras model
/// (wiring, kinds, layer names); `tensors` gives every parameter's values under the parameter's name. Layers of unknown kind keep the
/// configuration that their file had (Layer attributes "config"). The caller commits the file; throws Error.
void writeKerasH5(AtomicFile& file, const Model& model, const NamedTensors& tensors);
/// The same, and puts it in place.
void writeKerasH5(const std::string& path, const Model& model, const NamedTensors& tensors);

}
