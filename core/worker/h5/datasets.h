// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"
#include "core/tensor/tensor.h"
#include "core/worker/h5/handle.h"

#include <functional>

namespace core::worker::h5 {

/// What "list" says of a dataset: {"path","dtype","shape", "bigEndian": true when it is, "offset" when its values lie in one piece of the
/// file as they are, "size" of an element that is opaque data, "problem" when they cannot be read}. Offsets are counted as HDF5 does, from
/// the beginning of what it was given.
Json describeDataset(hid_t dataset, const std::string& path);

/// The values, little-endian and row-major. Throws Error where describeDataset tells a problem.
Tensor readDataset(hid_t dataset, const std::string& path);

/// Opens a dataset by its absolute path and looks at every link on the way: only hard ones are followed.
Handle openDataset(hid_t file, const std::string& path);

}
