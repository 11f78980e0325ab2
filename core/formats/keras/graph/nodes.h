// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/keras/config/config.h"

#include <functional>

namespace core::formats {

/// Every tensor that is mentioned, in order, however it is wrapped: lists, Keras 3's __keras_tensor__ objects, histories in keyword
/// arguments. They get `name`.
void collectKerasTensors(const Json& json, std::vector<KerasTensor>& tensors, const std::string& name = {});

/// A layer's inbound nodes, one call each: a list of histories (Keras 1 and 2) or {"args":[...],"kwargs":{...}} (Keras 3). Tensors in
/// keyword arguments bear the keyword, but for that of a layer's first argument.
/// Throws Error("keras-config").
std::vector<std::vector<KerasTensor>> kerasCalls(const Json& nodes, std::string_view where);

/// What each of those calls is given besides the tensors of its layer's plain inputs: {"perm": [0, 2, 1], "training": true}. A tensor
/// stands as its layer's name, what has no name of its own as "argument 1" and so on, null is left out.
std::vector<Json> kerasArguments(const Json& nodes);
/// The calls whole: {"args": [...], "kwargs": {...}} with every tensor as {layers::tensorKey: k}, the k-th of the call's. Null where that
/// does not tell the call again.
std::vector<Json> kerasForms(const Json& nodes, const std::vector<std::vector<KerasTensor>>& calls);
/// A value of such a form with its tensors as `tensor` writes them.
Json withTensors(const Json& form, const std::function<Json(std::size_t)>& tensor);

/// One of those values in a line, slices as Python writes them: "[..., 0:1]".
std::string argumentText(const Json& value);

}
