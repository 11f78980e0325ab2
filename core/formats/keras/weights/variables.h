// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"

#include <string>
#include <string_view>

namespace core::formats {

/// The role of a variable that is known by its number only: `inner` is its path below the layer ("vars/0", "cell/vars/1",
/// "query_dense/vars/0"), `version` Keras'. "kernel", "query/kernel", ...; what no rule tells keeps its path ("vars/3" -> "3"). `config`
/// may be empty: then `count`, how many variables the layer has, tells which are left out; "gamma or beta" where it has one of them and
/// nothing says which. Source: formats.md B3 (_trainable_variables, then _non_trainable_variables).
std::string variableRole(std::string_view className, const Json& config, std::string_view inner, std::string_view version,
                         std::size_t count = 0);

/// The class that Keras names a path or, by default, a layer after ("max_pooling2d_3" -> "MaxPooling2D"); empty when unknown.
std::string classOfPath(std::string_view name);

}
