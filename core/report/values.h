// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"
#include "core/tensor/tensor.h"

namespace core::report {

/// Nested lists of a tensor's values: integers as such, complex numbers and packed bytes as text.
Json valuesJson(const Tensor& tensor);
/// The same as text, one line for each row of the last axis; of more than 1000 values the first and last three along each axis.
std::string valuesText(const Tensor& tensor);

}
