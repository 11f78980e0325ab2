// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/keras/weights/parameters.h"

namespace core::formats {

/// Completes a model of weights alone: one op for each layer that has some, its class and kind as far as roles and shapes tell. A class
/// that is known already (Layer::kind) is kept. `reason` is why convolutions are not taken for granted, or empty.
void guessKerasKinds(Model& model, const KerasParameters& parameters, const std::string& convolutionReason);

}
