// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/pickle/pickle.h"

namespace core::formats {

/// What a name in a pickle is. Usual: what PyTorch's own weights_only reader allows, and the classes below torch.nn.modules. Harmful: known
/// to run commands or to load code. Everything else is foreign. `inScript`: of a TorchScript archive, whose own classes and helpers are
/// usual there.
Global::Sort sortOfGlobal(std::string_view module, std::string_view name, bool inScript = false);

/// Whether calling it could run any code: a function by Python's custom of names ("execWrapper", not "Net" or "Outer.Inner"), and none of
/// those that make plain values.
bool isStrangeFunction(std::string_view module, std::string_view name);

/// "os.system", "os.system and 2 more": the harmful globals, or else the foreign functions that are called; empty when there are none.
std::string askedCode(const std::vector<const PickleNode*>& globals, const std::unordered_set<std::string>& called);

}
