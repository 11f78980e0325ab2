// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/mapping.h"

#include <memory>
#include <optional>
#include <vector>

/// A small convolutional pair made by hand, with the names that the frameworks give: what the lists and links are tested on.
namespace fixtures {

/// Sequential(Conv2d(1,6,5,padding=2), Tanh, AvgPool2d(2), Flatten, Linear(1176,10), Softmax): layers "0" to "5".
std::shared_ptr<const core::Model> torchNet();
/// conv2d with a fused tanh, average_pooling2d, flatten, dense with a fused softmax.
std::shared_ptr<const core::Model> kerasNet();
/// A Keras net with nothing but a layer of an unknown kind and one with a hostile name.
std::shared_ptr<const core::Model> strangeNet();

core::layers::Values values(const core::Model& model);

/// The four links of the pair, by hand of the test.
core::mapping::Mapping mapping();

}
