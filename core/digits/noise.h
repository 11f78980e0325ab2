// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/call.h"
#include "core/tensor/tensor.h"

namespace core::digits {

/// Standard normal noise of the shape and labels of `input`, `samples` of it. Drawn with the channels first whatever the layout, so that
/// both frameworks get the same values: std::mt19937 seeded with `seed`, two 32-bit draws a pair, Box and Muller's transform (1958).
/// Where the values index `rows` of a table (0: they do not) they are whole numbers below that, as likely each.
/// Throws Error("input-large").
Tensor noise(std::uint32_t seed, const layers::Value& input, int samples = 1, std::int64_t rows = 0);

}
