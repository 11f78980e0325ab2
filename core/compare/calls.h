// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/trace.h"

namespace core::compare {

/// Ops of one call of a link's layers, in order of computation; the last one's value is the call's.
using Call = std::vector<int>;

/// A link's ops by the calls of its layers ("d:call1", "d:call2", "d"), in order of computation. An activation without a layer of its own
/// belongs to the call whose value it takes, what stands before a layer (a padding) to the call that takes it. One call where no layer is
/// used twice, none where all names dangle.
std::vector<Call> callsOf(const Model& model, const std::vector<std::string>& opNames);

/// Which call on the left is which on the right: by what they take (inputs, linked layers, earlier calls), then by order. Where one side
/// has more calls, all of each side's ops are one pair; none where a side's names all dangle.
std::vector<std::pair<Call, Call>> pairedCalls(const mapping::Link& link, const Model& left, const Model& right,
                                               const mapping::Mapping& mapping);

}
