// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/keras/config/config.h"

#include <string>
#include <unordered_map>

namespace core::formats {

struct KerasStore;

/// Where a store keeps the variables of each layer: path ("layers/sequential/layers/dense_1") -> index in `flat`. Throws
/// Error("keras-graph").
std::unordered_map<std::string, std::size_t> storePaths(const KerasGraph& graph, const KerasGraph& flat, const KerasStore& store,
                                                        std::string_view where);

}
