// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/digits/digits.h"
#include "core/engines/inputs.h"
#include "core/formats/write.h"
#include "core/mapping/mapping.h"

#include <functional>
#include <variant>

namespace core::session {

/// 28 x 28 pictures, one sample each.
struct DigitsInput
{
    std::vector<digits::Picture> pictures;
};

/// A picture of any size. `pixels` gives it resized: channels * height * width bytes in C,H,W order, grey for one channel.
struct PictureInput
{
    std::string path;
    std::function<std::vector<std::uint8_t>(int channels, int height, int width)> pixels;
};

/// Arrays of a .npy or .npz file, float32: a batch or a single sample each, in the layout of either framework.
struct ArraysInput
{
    std::string path;
    formats::NamedTensors arrays;
    std::string layout; ///< "nchw", "nhwc" or empty: told by the shapes
};

/// Standard normal noise of each input's shape.
struct NoiseInput
{
    std::uint32_t seed = 0;
    int samples = 1;
};

/// What networks are run on, before it is brought to a model's shapes and layout.
using InputSource = std::variant<DigitsInput, PictureInput, ArraysInput, NoiseInput>;

/// The file's arrays. Throws Error("npy-..."), Error("npz-..."), Error("input-array") when one is empty.
ArraysInput readArrays(const std::string& path, const std::string& layout);

/// The values for every input of a model. Arrays go by the inputs' names, by x0, x1 ... in the model's order, or a single one to a single
/// input. Throws Error: "input-shape" and "input-layout" (both layouts fit and give other values), "input-names" where arrays and inputs do
/// not correspond (the inputs are named), "input-several" where one picture or digit meets several inputs.
engines::Inputs inputsFor(const Model& model, const InputSource& source, const digits::Preprocess& preprocess);

/// The same values for both sides of a comparison.
struct PairInputs
{
    engines::Inputs left, right;
};
/// x0, x1 ... are in the left model's order, names those of either side; inputs correspond as mapping::pairedInputs says, whose errors pass
/// on; Error("inputs-differ") too where two that correspond take another number of values.
PairInputs inputsFor(const Model& left, const Model& right, const mapping::Mapping& mapping, const InputSource& source,
                     const digits::Preprocess& preprocessLeft, const digits::Preprocess& preprocessRight);

/// A wired model that declares no input shape, or an open one, with the shapes that these arrays have for it; as it was where none fits.
/// The arrays may go by the names of the other side's inputs, and say nothing of those whose shape it declares.
Model withShapesOf(const ArraysInput& arrays, Model model, const Model* other = nullptr);

}
