// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

namespace core::formats {

/// The form of an operator that computes what a class of torch.nn computes: of a known kind, or of another class. Null for one that is no
/// class of its own.
const layers::AtenForm* atenOperator(std::string_view name);

/// The rank of the tensors that an operator takes and gives (batch included); nothing when it takes several.
std::optional<int> atenRank(std::string_view className);

}
