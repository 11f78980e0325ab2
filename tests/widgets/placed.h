// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <vector>

/// Values that tell where they are: 100 c + 10 y + x, in C,H,W or H,W,C.
inline core::Tensor placed(int channels, int height, int width, bool channelsLast, float plus = 0)
{
    std::vector<float> values(static_cast<std::size_t>(channels * height * width));
    for (int c = 0; c < channels; ++c)
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                const int at = channelsLast ? (y * width + x) * channels + c : (c * height + y) * width + x;
                values[static_cast<std::size_t>(at)] = static_cast<float>(100 * c + 10 * y + x) + plus;
            }
    return channelsLast ? core::Tensor::fromFloats({1, height, width, channels}, values, core::axesOf("NHWC"))
                        : core::Tensor::fromFloats({1, channels, height, width}, values, core::axesOf("NCHW"));
}
