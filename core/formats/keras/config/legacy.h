// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/keras/config/config.h"
#include "core/layers/spec.h"

namespace core::formats {

/// Of weights whose layer is not told.
constexpr std::string_view theanoReason = "Keras on Theano turned its kernels by 180 degrees, and whether this is one is not told";

/// A layer as Keras 2 would have configured it.
struct ModernLayer
{
    layers::KerasSpec spec;
    std::string problem; ///< why it has no such form; empty when it has
};

/// Keras 1's class and argument names in today's words: Convolution2D, nb_filter, border_mode, dim_ordering, output_dim, p ... `version`
/// and `backend` may be empty; a configuration with names that only Keras 1 used counts as its. Source: the migration notes of Keras 2.0
/// (keras/legacy/interfaces.py).
ModernLayer modernLayer(const KerasLayer& layer, std::string_view version, std::string_view backend);

/// Whether kernels of a class (of today) are known well enough to be brought from Theano's and Keras 1's conventions to today's.
bool hasModernKernel(std::string_view className);

/// Whether the configuration is one of Keras 0 or 1.
bool isLegacy(const KerasLayer& layer, std::string_view version);

}
