// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

namespace core::layers {

extern const Kind conv2d, avgPool2d, maxPool2d, globalAvgPool2d, zeroPad2d;

}
