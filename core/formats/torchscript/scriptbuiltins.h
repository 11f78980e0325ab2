// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/aten/atengraph.h"

#include <optional>
#include <string_view>

namespace core::formats {

/// A function of TorchScript that computes no tensor: arithmetic, comparisons, lists, sizes. Its value as far as it is known (Unknown
/// otherwise); nothing when `name` is no such function, or computes on tensors here. "RaiseException" ends the graph.
std::optional<AtenValue> scriptBuiltin(std::string_view name, const std::vector<AtenValue>& arguments, const AtenGraph& graph);

/// value[index] of a list, tuple, dict or tensor's sizes; Unknown where it is not known. Ends the graph for an index that is not there.
AtenValue scriptItem(const AtenValue& value, const AtenValue& index);

}
