// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/keras/graph/graph.h"

namespace core::formats {

/// The order in which Keras lists the layers of a Functional model (indices below `layerCount`), and so the order in which it takes weights
/// from a file. It is not the order of the configuration: layers stand by their distance from the outputs, then by when a walk from the
/// outputs meets them first. Layers that no output needs are left out, unused inputs stand at the end of what is as near. Source:
/// formats.md B1, tried against Keras 2.10 to 3.
std::vector<std::size_t> kerasLayerOrder(const KerasOrder& graph, std::size_t layerCount, const std::vector<std::size_t>& inputLayers);

}
