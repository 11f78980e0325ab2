// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace core::formats {

/// A name of Python made of any name: ASCII letters, digits and _, no keyword.
std::string identifier(std::string_view name);

/// Whether a module may have a member of that name as an attribute: an identifier, and nothing that nn.Module (1.13 to 2.13) has already.
bool isPlainAttribute(std::string_view name);

}
