// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/keras/config/config.h"
#include "core/model/model.h"

namespace core::formats {

/// Layers, ops, edges, outputs and input shape of a flattened configuration, without parameters; wired. A fused activation becomes an op of
/// its own. Layers that cannot run are kept, with the reason in Op::unsupported. `version` is keras_version, `backend` Keras' backend (both
/// may be empty). Throws Error("keras-graph") for a cycle or an edge from nowhere.
Model kerasModel(const KerasGraph& graph, std::string_view version, std::string_view backend, std::string_view where);

/// "Tieout cannot run LSTM layers yet".
std::string cannotRun(std::string_view className);
/// The same of a layer, which may be of somebody's own class, or an operator.
std::string cannotRun(const KerasLayer& layer);

}
