// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/pickle/pickle.h"

#include <string>
#include <utility>
#include <vector>

namespace core::formats {

/// A module's attributes: its state, or of a torch.fx.GraphModule the dict that it is rebuilt from. Null when it keeps them otherwise.
const PickleNode* torchModuleState(const PickleNode& module);
/// One of its tables ("_parameters", "_buffers", "_modules"); null when it has none.
const PickleNode* torchModuleTable(const PickleNode& module, std::string_view name);
/// Name and module of each child; None stands for a child that was taken out.
std::vector<std::pair<std::string, const PickleNode*>> torchModuleChildren(const PickleNode& module);
/// A module that packs its state in a way of its own (the quantised ones).
bool isPackedTorchModule(const PickleNode& node);
/// The one module inside a wrapper that computes what that module computes (DataParallel, an averaged or a compiled model), else null.
const PickleNode* wrappedTorchModule(const PickleNode& module);

}
