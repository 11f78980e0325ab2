// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/keras/config/config.h"

namespace core::formats {

/// One use of a layer; a shared layer is called several times.
struct KerasCall
{
    std::size_t layer = 0;           ///< index in KerasGraph::layers
    std::size_t node = 0;            ///< which call of the layer
    std::vector<std::size_t> inputs; ///< indices of earlier calls, beside the layer's tensors of that call
};

struct KerasOrder
{
    std::vector<KerasCall> calls;
    std::vector<std::size_t> outputs; ///< indices of calls
};

/// The calls of a Functional model in an order in which they can be computed, as near to the file's order as that allows.
/// Throws Error("keras-graph") for a cycle, or an edge from a layer or call that is not there.
KerasOrder computationOrder(const KerasGraph& graph, std::string_view where);

}
