// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/hdf5/h5file.h"
#include "core/formats/keras/config/config.h"

#include <string>
#include <string_view>
#include <vector>

namespace core::formats {

/// A weight as its group names it, with its role in the layer ("kernel", "W_i").
struct LayerWeight
{
    std::string name, role;
    H5Dataset dataset;
};

/// The weights of one layer as today's Keras holds them: kernels of Keras 1 with their axes in today's order, the gates of its LSTM and GRU
/// in one array, and kernels of Theano, which convolves, turned by 180 degrees. What needs none of that is handed on; values are rearranged
/// when they are read. Source: preprocess_weights_for_loading of Keras 2.15; convert_kernel of Keras 2.2.
std::vector<LayerWeight> modernWeights(const KerasLayer& layer, std::vector<LayerWeight> weights, std::string_view version,
                                       std::string_view backend);

}
