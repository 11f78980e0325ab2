// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/format.h"

namespace core::formats {

/// A Keras model ("keras-h5"), Keras weights alone ("keras-h5-weights", not wired) or any other HDF5 file, whose datasets are listed
/// ("hdf5"). Every HDF5 call is made by a worker, which may die. Source: formats.md B1, B2, B5. Throws Error.
Model readKerasH5(std::shared_ptr<const File> file, const Progress& progress);

extern const Format kerasH5;

}
