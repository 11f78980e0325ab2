// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/torch/torchtensor.h"

#include "core/model/attributes.h"

namespace core::formats {

/// Reads a pickled NumPy array (numpy.core.multiarray._reconstruct with its state, or numpy's _frombuffer of protocol 5) into `tensor`.
/// Throws TorchProblem.
void readNumpyArray(const PickleNode& node, TorchTensor& tensor);

/// The value of numpy.core.multiarray.scalar(dtype, bytes) of a plain number, else nothing.
std::optional<Attribute> numpyScalar(const PickleNode& node);

}
