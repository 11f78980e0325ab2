// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/torchscript/scriptsyntax.h"

#include <string>
#include <string_view>

namespace core::formats {

/// Parses one file of TorchScript's serialised source (what torch/csrc/jit/serialization/python_print.cpp writes, and the plain Python
/// around it). Nothing of it is run. Throws Error("script-syntax") with the line: malformed, nested too deep, or too many parts.
ScriptSource parseScript(std::string_view source, const std::string& where);

}
