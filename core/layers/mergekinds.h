// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

namespace core::layers {

extern const Kind concatenate, add, subtract, multiply, divide, average, maximum, minimum;

}
