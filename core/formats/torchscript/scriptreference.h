// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/aten/atenvalue.h"
#include "core/formats/torchscript/scriptsyntax.h"

#include <string>
#include <string_view>

namespace core::formats {

/// A function or class that the code names.
struct ScriptReference final : AtenObject
{
    explicit ScriptReference(std::string n) : name(std::move(n)) {}
    std::string name;
};

/// "__torch__.a.b" of a chain of attributes that begins with a name; empty for anything else.
std::string dottedName(const ScriptExpression& expression);
/// Whether it begins with what TorchScript's code never sets itself: torch, ops, __torch__, CONSTANTS.
bool isGlobalName(std::string_view path);

}
