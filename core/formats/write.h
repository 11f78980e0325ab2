// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/files/atomicfile.h"
#include "core/model/model.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace core::formats {

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

/// PyTorch zip state dict that torch.load(weights_only=True) reads: protocol 2, stored, 64-byte aligned, little-endian, no .format_version
/// (formats.md A1). Order and names as given. The caller commits the file; throws Error.
void writeTorchStateDict(AtomicFile& file, const NamedTensors& tensors);
/// The same, and puts it in place.
void writeTorchStateDict(const std::string& path, const NamedTensors& tensors);

/// A PyTorch module as torch.save(model) writes it: an nn.Sequential, nested as the layers' names tell, of torch.nn's own classes, in
/// evaluation mode. It loads without any code of the user's (weights_only=False, or with these classes as safe globals) in PyTorch 1.13 to
/// 2.13. `model` is a wired PyTorch model. The caller commits the file; throws Error("torch-write-module") for what is no chain of such
/// layers, naming each, and Error("torch-write-network") as torchSource() does.
void writeTorchModule(AtomicFile& file, const Model& model, const NamedTensors& tensors);

/// The source text of a class Model for PyTorch 1.13 and later that computes what `model` (wired, of PyTorch) does and loads its state dict
/// strictly. Nothing out of the file is code in it. Throws Error("torch-write-network") naming every layer that it cannot tell.
std::string torchSource(const Model& model, const std::string& sourceName, const std::string& weightsName);

/// Layers of a Keras model that are written under another name, which is the second: models in it are written layer by layer, and Keras 3
/// takes no "/" in a layer's name (keras.layers.Layer of 3.15). None of another framework's model.
std::map<std::string, std::string> kerasRenamed(const Model& model);

/// What Keras calls the first layer of a class: "conv2d", "max_pooling2d".
std::string kerasLayerName(std::string_view className);

/// Keras HDF5 that Keras 2.10 to 3.15 load: configuration and layer order by formats.md B1, through the h5 worker. `model` is a Keras model
/// (wiring, kinds, layer names); `tensors` gives every parameter's values under the parameter's name. Layers of unknown kind keep the
/// configuration that their file had (Layer attributes "config"). The caller commits the file; throws Error.
void writeKerasH5(AtomicFile& file, const Model& model, const NamedTensors& tensors);
/// The same, and puts it in place.
void writeKerasH5(const std::string& path, const Model& model, const NamedTensors& tensors);
/// The weights alone, as save_weights of Keras 1 to 3 writes a ".h5" (formats.md B2).
void writeKerasWeights(AtomicFile& file, const Model& model, const NamedTensors& tensors);
/// A ".weights.h5" (formats.md B4), and the ".keras" around it (B3), which Keras 2.13 to 3.15 load. Throw Error("keras-write") for layers
/// of which it is not known where Keras keeps their variables.
void writeKerasStore(AtomicFile& file, const Model& model, const NamedTensors& tensors);
void writeKerasArchive(AtomicFile& file, const Model& model, const NamedTensors& tensors);

}
