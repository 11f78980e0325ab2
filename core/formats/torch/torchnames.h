// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/torch/torchcontent.h"

namespace core::formats {

/// A tensor and the name under which it is shown.
struct TorchNamed
{
    std::string name;
    const PickleNode* tensor = nullptr;
};

/// Takes off what wrappers put before every name (DataParallel, torch.compile, FSDP, averaged models), with a note for each prefix. With
/// `any` any first part that all names share goes, as long as names with a dot remain. Returns what was taken off.
std::string stripTorchPrefixes(std::vector<TorchNamed>& entries, bool any, std::vector<Note>& notes);

/// {"features.0", "weight"}; parametrisations belong to their layer: {"conv", "parametrizations.weight.original0"}. A layer's own name
/// without a layer belongs to "model".
std::pair<std::string, std::string> splitTorchName(const std::string& name);

}
