// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

namespace core::formats {

/// Shapes of a layer's tensors by their own names ("weight").
using TorchShapes = std::map<std::string_view, const Shape*>;

/// What the names and shapes of a layer's own tensors tell of it (formats.md A5, "Infer from state_dict alone").
struct TorchGuess
{
    std::string className;              ///< "Conv2d", "LSTM"; "Conv2d or ConvTranspose2d" where both fit; empty when nothing is told
    const layers::Kind* kind = nullptr; ///< set where the shapes suffice to compute with; of the likeliest class
    Attributes attributes;              ///< canonical where `kind` is set, else for showing
    std::string normalisation;          ///< "weight_norm" or "spectral_norm" where the weight is computed from other tensors
};

/// `layer` is the layer's name.
TorchGuess guessTorchLayer(const std::string& layer, const TorchShapes& shapes);

/// "weight_norm" where the tensors are those that one of torch.nn.utils' normalisations puts in place of `weight`, else empty; `weight`
/// gets the shape of what they make.
std::string torchNormalisation(const TorchShapes& shapes, Shape* weight = nullptr);

}
