// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/hdf5/h5file.h"
#include "core/formats/keras/config/config.h"
#include "core/model/model.h"

#include <map>
#include <string>
#include <vector>

namespace core::formats {

/// Variables as Keras since 2.12 stores them (model.weights.h5, *.weights.h5, its shards): a path through the objects of the model, and a
/// number; formats.md B3, B4.
struct KerasStore
{
    std::vector<H5Dataset> tensors;           ///< "layers/dense_1/vars/0"
    std::map<std::string, std::string> names; ///< what Keras 3 says of a path ("layers/dense_1"): its layer's own name
    std::vector<std::string> objects;         ///< paths of everything that may have variables, with and without
    std::vector<Note> notes;

    /// Variables by path and number, as Keras takes them.
    void sort();
};

/// Whether an HDF5 file holds such a store.
bool isKerasStore(const H5Contents& contents);
KerasStore kerasStore(H5Contents contents);

/// Gives a wired model its parameters: `graph` tells the paths (class names, numbered in Keras' own order of the layers), `flat` the layers
/// that the model was made of. They are called as Keras calls its variables ("dense/kernel"), their paths are details. Optimizer and
/// metrics become entries. Throws Error("keras-graph").
void addStoreWeights(Model& model, const KerasGraph& graph, const KerasGraph& flat, const KerasStore& store, std::string_view version,
                     std::string_view where);

/// Which layer the store has and the configuration has not, or the other way round, or calls otherwise; empty when there is none. Keras
/// itself goes by the paths alone and takes no notice of layers without variables.
std::string storeDifference(const KerasGraph& graph, const KerasGraph& flat, const KerasStore& store, std::string_view where);

/// A model of what the store alone tells. Layers bear the names that the store knows, else their paths; variables are called by theirs.
Model storeModel(const KerasStore& store);

/// "MaxPooling2D" -> "max_pooling2d", "PReLU" -> "p_re_lu", as Keras names paths.
std::string snakeCase(std::string_view className);

}
