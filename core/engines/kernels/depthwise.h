// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/kernels/kernels.h"

namespace core::engines::kernels {

/// A convolution in which every channel makes `multiplier` of its own: kernel (kd, kh, kw, channels, multiplier).
void depthwise(const float* input, const Image& image, const Window& window, const float* kernel, const float* bias,
               std::int64_t multiplier, float* output);

}
