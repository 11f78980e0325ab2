// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/hdf5/h5file.h"
#include "core/model/model.h"

namespace core::formats {

/// What a JSON text says, one entry a value: "training_config.optimizer_config.config.lr" = "0.001". Long lists and deep objects stand in
/// one line; no more than some hundred entries.
void addJsonEntries(Model& model, const std::string& name, const Json& json);
/// The same of a text that may be no JSON: then it is one entry.
void addTextEntries(Model& model, const std::string& name, const std::string& text);

/// A dataset that is no parameter of the model: "optimizer_weights/Adam/iter:0" = "int64 []".
void addDatasetEntry(Model& model, const std::string& name, const H5Dataset& dataset);

}
