// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/inputs.h"

#include <string>

namespace core::session {

/// One array of a file that is to be fed into an input.
struct InputArray
{
    std::string path, name;
    Tensor values;      ///< float32, as the file has it
    std::string layout; ///< "nchw", "nhwc" or empty: told by the shape
};

/// How the array can be seen as samples: as a batch or a single one, in the input's own layout or with its channels at the other end.
struct Reading
{
    Shape shape; ///< without batch, in the input's own layout
    bool batch = true, own = true;
};
/// A batch first, the own layout first.
std::vector<Reading> readings(const InputArray& array, const Model& model, int inputOp);
/// Whether a shape without open sizes is one that `declared` asks for.
bool matches(const Shape& found, const Shape& declared);

/// The array in the framework's own layout, batch first, labelled. Throws Error("input-shape") when it does not fit `shape` (without batch,
/// -1 for any), ("input-layout") when both layouts would and give other values.
Tensor fitted(const InputArray& array, const Model& model, const engines::ModelInput& input);

}
