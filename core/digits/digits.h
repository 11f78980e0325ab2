// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/call.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace core::digits {

/// A 28 x 28 grey picture, row-major, 0 black ... 255 white (ink), float so that a drawing can be antialiased.
using Picture = std::array<float, 784>;

/// Images with labels as IDX or mnist.npz files have them.
struct DigitSet
{
    std::vector<std::uint8_t> pixels; ///< count * 784
    std::vector<std::uint8_t> labels; ///< count, or empty
    int count() const { return static_cast<int>(pixels.size() / 784); }
    Picture picture(int index) const;
    std::optional<int> label(int index) const;
};

/// One pair of IDX files (plain or gzip), recognised by content; `labels` may be empty. Throws Error("idx-...") when magic, dimensions,
/// count or length lie, or a label is above 9.
DigitSet readIdx(const std::string& images, const std::string& labels);
/// The test set in a folder (t10k-images-idx3-ubyte or t10k-images.idx3-ubyte, plain or .gz, or mnist.npz; also in raw/ and
/// MNIST/raw/ below it), or a mnist.npz itself. Throws Error("mnist-..."), Error("idx-..."), Error("npy-...").
DigitSet readTestSet(const std::string& path);
/// Folders where torchvision and Keras keep MNIST, and ours; the first one that has it, or empty.
std::string findTestSet();
/// The digits that come with the program.
DigitSet readSamples(const std::string& folder);

enum class Scale { Unit, Byte, Symmetric, Standard };

/// How bytes become floats; order: center (by mass), invert, scale.
struct Preprocess
{
    Scale scale = Scale::Unit;
    double mean = 0.1307, deviation = 0.3081; ///< for Standard, on x/255
    bool invert = false, center = false;
    bool operator==(const Preprocess&) const = default;
};

/// cli.md's SPEC: "unit", "byte", "symmetric", "standard:0.1307:0.3081", with ",invert" and ",center". Throws Error("preprocess").
Preprocess preprocessFromText(std::string_view spec);
std::string text(const Preprocess& preprocess);
/// Unit, unless the file says more.
Preprocess guessPreprocess(const Model& model);

/// One grey value 0..255, inverted and scaled as told (centering is for whole pictures).
float scaled(float value, const Preprocess& preprocess);
/// 784 values for a model input of that many, one sample, row by row, of its shape and labels.
/// Throws Error("input-shape") when the shape does not hold 784 values.
Tensor toInput(const Picture& picture, const Preprocess& preprocess, const layers::Value& input);
/// Whether an input shape (without batch) is 28 x 28 or 784 values, sizes of 1 aside: only there row by row means the same picture in both
/// layouts.
bool takesDigit(const Shape& inputShape);

/// Shifts the ink's centre of mass by whole pixels to pixel (14, 14), as MNIST was made.
Picture centred(const Picture& picture);

struct Point
{
    double x, y; ///< in pixels of the 28 x 28 picture
    bool operator==(const Point&) const = default;
};
/// A stroke of a round brush, or of the eraser.
struct Stroke
{
    std::vector<Point> points;
    double width = 2.2; ///< pixels of the 28 x 28 picture
    bool erase = false;
    bool operator==(const Stroke&) const = default;
};
/// What a drawing looks like in 28 x 28: antialiased coverage, later strokes over earlier ones.
Picture rasterised(const std::vector<Stroke>& strokes);

}
