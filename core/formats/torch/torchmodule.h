// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/torch/torchcontent.h"

namespace core::formats {

/// Whether a node is an nn.Module: an object whose state has _modules, _parameters or _buffers.
bool isTorchModule(const PickleNode& node);

/// Reads a whole nn.Module from its _modules, _parameters and _buffers into `model`. An nn.Sequential is wired, nested ones in order; of
/// any other class the order of computation is unknown, and its layers are listed in the order of registration.
void readTorchModule(const TorchContent& content, const PickleNode& root, Model& model);

/// A dict of which at least four in five values are tensors with names (formats.md A6); "_metadata" does not count.
bool isTorchStateDict(const PickleNode& node);

/// Reads named tensors into `model`: layers by the part of the name before the last dot, kinds as far as shapes tell, no wiring. Prefixes
/// that all names share are left out, with a note; with `anyPrefix` (a Lightning checkpoint) whatever they are.
void readTorchStateDict(const TorchContent& content, const PickleNode& dict, Model& model, bool anyPrefix = false);

/// The same for tensors anywhere in dicts, lists and tuples, named by their path; false when there are none. With `insideObjects` also for
/// those in objects' attributes.
bool readTorchTensors(const TorchContent& content, const PickleNode& root, Model& model, bool insideObjects = true);

/// The globals that the pickle asks for, and a note on those that would do harm if they were run (os.system), on other functions that it
/// calls, and on what PyTorch's own safe reader does not allow. `inScript`: the pickle is a TorchScript archive's.
void listTorchGlobals(const Pickle& pickle, Model& model, bool inScript = false);

}
