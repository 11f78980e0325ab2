// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <string>

namespace app {

/// An array of --input: float32, as the file has it.
struct InputArray
{
    std::string path;
    core::Tensor values;
    std::string layout; ///< "nchw", "nhwc" or empty: told by the shape
};

/// A batch labelled C,H,W or H,W,C in the layout of `framework`, whose input (without batch) is `inputShape`.
core::Tensor inLayoutOf(core::Framework framework, const core::Tensor& labelled, const core::Shape& inputShape);

/// Reads a .npy, or from a .npz the only array, else x0, x or the one named like the model's input.
InputArray readInputArray(const std::string& path, const std::string& layout);

/// The input shape (without batch) that a model without a declared one takes when it gets this array; the model as it was when none fits.
core::Model withShapeOf(const InputArray& array, core::Model model);

/// The array in the model's own layout, batch first, labelled. Throws core::Error("input-shape") when it does not fit, ("input-layout")
/// when both layouts would.
core::Tensor fitted(const InputArray& array, const core::Model& model);

}
