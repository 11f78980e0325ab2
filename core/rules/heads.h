// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rules/table.h"

namespace core::rules {

/// The rules headsSplitRule, headsJoinRule, headsApartRule and headsTogetherRule. Throw Error("rule-count") and Error("rule-shape").
std::vector<Tensor> headsSplit(const Application& what);
std::vector<Tensor> headsJoin(const Application& what);
std::vector<Tensor> headsApart(const Application& what);
std::vector<Tensor> headsTogether(const Application& what);

}
