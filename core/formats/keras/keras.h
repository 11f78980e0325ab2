// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/format.h"

namespace core::formats {

/// HDF5 of any name: a Keras model ("keras-h5"), weights alone ("keras-h5-weights", "keras-v3-weights", not wired) or any other HDF5 file,
/// whose datasets are listed ("hdf5"). Every HDF5 call is made by a worker, which may die. Source: formats.md B1, B2, B4, B5.
extern const Format kerasH5;

/// The archive of Keras since 2.12 ("keras-v3"): config.json, metadata.json and model.weights.h5, read in place, or model.weights.npz.
/// Source: formats.md B3.
extern const Format kerasZip;

/// Weights of Keras since 3.10 that are cut into several files ("keras-v3-weights"): a .weights.json, whose shards lie beside it.
extern const Format kerasShards;

}
