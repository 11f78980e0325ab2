// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/write.h"

#include <span>
#include <string_view>
#include <vector>

namespace core::formats {

/// A form in which a model is written.
struct Writer
{
    std::string_view id;                   ///< cli.md's kind: "state-dict", "h5"
    std::string_view title;                ///< "PyTorch state dict"
    Framework framework;                   ///< whose models it writes
    std::vector<std::string_view> endings; ///< of file names that promise it, the usual one first
    bool needsWiring;                      ///< false: weights alone are enough
    /// `model` is of the writer's framework; `tensors` gives every parameter's values under the parameter's name, in the model's order. The
    /// caller commits the file; throws Error.
    void (*write)(AtomicFile& file, const Model& model, const NamedTensors& tensors);
    /// The text of a file NAME.py that tells the network where the form itself does not; null where it does. Throws Error.
    std::string (*program)(const Model& model, const std::string& sourceName, const std::string& fileName) = nullptr;
};

/// The rows that tests and menus name; all are in writers().
extern const Writer stateDictWriter, kerasH5Writer;

/// The table, in the order in which choices are offered. An id may have several rows, of other endings.
std::span<const Writer* const> writers();
/// The row of that id, and among several the one that the name of the file promises; null when there is none.
const Writer* writer(std::string_view id, std::string_view path = {});
/// The rows whose ending the file name has, those of the longest: ".weights.h5" is no ".h5".
std::vector<const Writer*> writersPromisedBy(std::string_view path);
/// What a framework calls a parameter: "conv2d/kernel:0", "conv.weight".
std::string parameterName(Framework framework, std::string_view layer, std::string_view role);
/// Whether the file name ends so, in large or small letters.
bool endsIn(std::string_view path, std::string_view ending);

}
