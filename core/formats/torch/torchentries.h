// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/torch/torchcontent.h"

namespace core::formats {

/// What a file holds beside its model, one line each in `model.entries` with its path. `model` nodes are passed over, and so are all
/// tensors when they are the model's parameters themselves. Capped; a note tells how many more there are.
void addTorchEntries(const PickleNode& root, const PickleNode* shown, bool withTensors, Model& model);

/// A text of several lines, each safe to show; cut where it is very long.
std::string torchSourceText(std::string_view source);

/// The source text of the model's own classes, which the legacy containers keep (formats.md A2).
void addTorchSources(const Pickle& pickle, Model& model);

}
