// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/mapping.h"

namespace core::mapping {

/// The link that holds an op of one side, or null.
const Link* linkOfOp(const Mapping& mapping, const std::string& op, bool onLeft);

}
