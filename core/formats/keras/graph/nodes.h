// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/keras/config/config.h"

namespace core::formats {

/// Every tensor that is mentioned, in order, however it is wrapped: lists, Keras 3's __keras_tensor__ objects, histories in keyword
/// arguments.
void collectKerasTensors(const Json& json, std::vector<KerasTensor>& tensors);

/// A layer's inbound nodes, one call each: a list of histories (Keras 1 and 2) or {"args":[...],"kwargs":{...}} (Keras 3).
/// Throws Error("keras-config").
std::vector<std::vector<KerasTensor>> kerasCalls(const Json& nodes, std::string_view where);

}
