// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <string>

namespace core {

/// Element `index` (row-major) as text, whatever its type: integers exact ("-9223372036854775808"), "true", the shortest decimals that
/// read back as the same number ("0.1", "nan", "-inf"), "1.5-2j", packed and opaque ones as the byte ("0x3f"). Quantised ones are the
/// stored integer. `digits` > 0 rounds floating numbers to that many significant digits.
std::string elementText(const Tensor& tensor, std::int64_t index, int digits = 0);

/// The same as a number to draw with: the magnitude of a complex one, the byte of a packed one.
double elementNumber(const Tensor& tensor, std::int64_t index);

}
