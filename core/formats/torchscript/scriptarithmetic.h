// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/aten/atenvalue.h"

#include <optional>
#include <string_view>

namespace core::formats {

/// An operation of Python's on two plain values, by the name that TorchScript gives it ("add", "floordiv", "lt"); Unknown where a value is
/// not known or the result does not fit.
AtenValue scriptComputed(std::string_view name, const AtenValue& a, const AtenValue& b);
/// The same on one value ("neg", "floor").
AtenValue scriptComputed(std::string_view name, const AtenValue& a);

/// Python's truth value; nothing when it depends on what is not known.
std::optional<bool> scriptTruth(const AtenValue& value);

/// Whether two values are equal; nothing when it is not known.
std::optional<bool> scriptEqual(const AtenValue& a, const AtenValue& b);

}
