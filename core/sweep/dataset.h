// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "core/sweep/sweep.h"

#include <functional>
#include <memory>

namespace core::sweep {

/// A picture file resized: channels * height * width bytes in C,H,W order.
using PictureReader = std::function<std::vector<std::uint8_t>(const std::string& path, int channels, int height, int width)>;

/// Samples of which each is a file of its own.
struct Files
{
    std::vector<std::string> paths;
    PictureReader read;
    std::string layout; ///< of arrays: "nchw", "nhwc" or empty
};
/// Sample i is what noise of seed + i gives, so that it can be had alone.
struct Noises
{
    std::uint32_t seed = 0;
};

/// What both networks are run on, sample by sample.
struct DataSet
{
    std::string source; ///< "mnist", "input", "random"
    std::string file;   ///< the folder or file; empty for noise
    std::string sha256; ///< of pixels and labels, of the file, or of a folder's names and sizes; empty for noise
    std::int64_t count = 0;
    std::vector<int> labels;             ///< one for each sample, or empty
    std::vector<std::string> names;      ///< of the samples' files, relative to the folder, or empty
    std::vector<std::string> classNames; ///< of class folders, or empty
    std::variant<std::shared_ptr<const digits::DigitSet>, session::ArraysInput, Files, Noises> samples;

    /// Whether bytes become floats by a preprocessing; arrays and noise are taken as they are.
    bool isScaled() const;
    /// With no more than the first `limit` samples.
    DataSet limited(std::int64_t limit) const;
};

DataSet digitSet(std::shared_ptr<const digits::DigitSet> digits, std::string file);
DataSet noiseSet(std::uint32_t seed, std::int64_t count);
/// The arrays of a .npy or .npz file that feed a pair: a batch, or one sample. Labels are taken from an array y, labels, targets (or of
/// such a name, y_test) that is no input of either network: whole numbers, one for each sample, or one-hot rows. Of x_train and x_test the
/// test set is taken. Throws Error("sweep-labels") and what session::inputsFor throws.
DataSet arraySet(session::ArraysInput arrays, const session::Pair& pair);
/// The samples of a folder, in the order of their names' bytes: .npy, .npz and picture files, one sample each; either all in the folder
/// itself, with labels in labels.npy or y.npy if there is one, or in class folders, whose place in the order of names is the label. Hidden
/// files and folders are none. Throws Error("sweep-folder").
DataSet folderSet(const std::string& folder, PictureReader read, const std::string& layout);

/// What both networks are fed with for a part of the set. Throws what session::inputsFor throws.
session::PairInputs inputsOf(const DataSet& set, const Range& range, const session::Pair& pair, const digits::Preprocess& left,
                             const digits::Preprocess& right);

}
