// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"
#include "core/model/model.h"

namespace core::formats {

/// Whether the layer is an operator, which only its own class and calls tell.
bool isWrittenByCalls(const Layer& layer);

/// Such a layer with its inbound nodes, in the words of the Keras that its file is of. `histories`: for each call what it takes, as
/// ["layer", node, tensor]. Throws Error("keras-write") where the file's calls could not be read.
Json writtenByCalls(const Layer& layer, const std::string& name, const std::vector<std::vector<Json>>& histories);

}
