// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/keras/config/config.h"
#include "core/formats/keras/finish.h"
#include "core/tensor/source.h"

#include <string>

namespace core::formats {

/// Brings a layer's kernel to today's conventions: those of Keras 1 have their axes in another order, those of Theano, which convolves, are
/// turned by 180 degrees. Any other stays as it is. Values are rearranged when they are read; `stored` is what the file holds. Source:
/// preprocess_weights_for_loading of Keras 2.15; convert_kernel of Keras 2.2.
void toModernKernel(TensorSource& kernel, const std::string& name, const KerasLayer& layer, const KerasProducer& producer);

}
