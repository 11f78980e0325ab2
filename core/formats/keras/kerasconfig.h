// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace core::formats {

/// A tensor by what computes it: the `node`-th call of `layer`, its output number `tensor`.
struct KerasTensor
{
    std::string layer;
    std::size_t node = 0, tensor = 0;
};

/// A layer as a Keras configuration of any generation tells it.
struct KerasLayer
{
    std::string className, name;
    Json config = Json::object();
    std::vector<std::vector<KerasTensor>> calls; ///< each with its input tensors, in argument order; empty in a Sequential
};

/// A model's configuration; formats.md B1 and B5.
struct KerasGraph
{
    std::string className, name;
    bool isSequential = false;
    std::vector<KerasLayer> layers; ///< in the file's order
    std::vector<KerasTensor> inputs, outputs;
    Json buildInputShape; ///< of a Sequential; null when not told
};

/// Reads `model_config`: Sequential as an object or, before Keras 2.2.4, a bare list; Functional (once called Model) with the inbound nodes
/// of Keras 1, 2 or 3. Throws Error("json-...") or Error("keras-config"); `where` names the text in messages.
KerasGraph parseKerasConfig(std::string_view text, std::string_view where);

/// config[key] as text, empty when it is absent or something else.
std::string textIn(const Json& json, const char* key);

}
