// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"
#include "core/model/model.h"

namespace core::formats {

/// A model's configuration as Keras 2.10 to 3.15 all load it (formats.md B1), and the layers in the order in which Keras takes their
/// weights.
struct KerasArchitecture
{
    Json config;
    std::vector<std::string> layerNames; ///< as they are written (kerasRenamed)
    std::vector<const Layer*> layers;    ///< of the model, beside them; null for an input that is no layer of it
};

/// A chain whose input is no layer becomes a Sequential, anything else a Functional model. Known kinds are written through Kind::toKeras,
/// with a fused activation folded back; layers of other kinds keep their own configuration. Throws Error("keras-write") for a layer without
/// one, or an unknown input shape.
KerasArchitecture kerasArchitecture(const Model& model);

}
