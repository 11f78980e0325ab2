// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace core {

/// Declared only: headers that name it need not cost every file the whole library (two seconds of compiling each).
/// Keys keep their order, as people expect of a document.
using Json = nlohmann::ordered_json;

}
