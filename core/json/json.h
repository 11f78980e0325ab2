// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/fwd.h"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace core {

/// Parses `text`; `where` names it in errors ("lenet5.h5, model_config"). Accepts Python's NaN, Infinity and -Infinity as numbers.
/// Throws Error("json-...") when it is malformed or nested deeper than `depthLimit` (nlohmann copies recursively).
Json parseJson(std::string_view text, std::string_view where, int depthLimit = 512);

/// Whether it is a list of whole numbers. Only these may be taken as integers: casting a NaN or 1e300 is undefined.
bool isIntegerList(const Json& json);

/// A number that reads back as the same float or double; "nan", "inf", "-inf" as strings.
Json jsonNumber(double value);
Json jsonNumber(float value);

/// Text of a document; invalid UTF-8 is replaced. `indent` < 0: one line.
std::string dumpJson(const Json& json, int indent = 2);

}
