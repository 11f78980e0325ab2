// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

namespace core::digits {

/// Standard normal noise, batch `samples` + `inputShape` (without batch, in the framework's layout), labelled. Drawn in C,H,W order
/// whatever the layout, so that both frameworks get the same values: std::mt19937 seeded with `seed`, two 32-bit draws a pair, Box and
/// Muller's transform (1958).
Tensor noise(std::uint32_t seed, Framework framework, const Shape& inputShape, int samples = 1);

}
