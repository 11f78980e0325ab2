// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/spec.h"

#include <string>

namespace core::formats {

/// The activation that a layer's configuration names.
struct KerasActivation
{
    std::string name; ///< empty: none
    layers::KerasSpec spec;
    std::string problem = {}; ///< why it is not Keras' own of that name; empty when it is
};

/// Of config["activation"]: "tanh", {"class_name":"LeakyReLU","config":{...}} or {"class_name":"function","config":"my_fn",...}.
KerasActivation activationOf(const Json& config);

/// "Tieout cannot compute the activation mish yet".
std::string cannotCompute(const KerasActivation& activation);

}
