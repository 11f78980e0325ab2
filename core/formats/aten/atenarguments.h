// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/aten/atengraph.h"

namespace core::formats {

/// What an operator is called with under its schema's name, or without names at that position; None where it is not.
AtenValue argumentOf(const AtenCall& call, std::size_t index, std::string_view schema);
/// Whether it is 1, or None, for which 1 stands.
bool isOne(const AtenValue& value);
bool isInteger(const AtenValue& value, std::int64_t number);

}
