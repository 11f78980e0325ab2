// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/steps.h"

namespace core::layers {

extern const Kind conv1d, conv2d, conv3d, convTranspose1d, convTranspose2d, convTranspose3d;
extern const Kind avgPool1d, avgPool2d, avgPool3d, maxPool1d, maxPool2d, maxPool3d;
extern const Kind globalAvgPool1d, globalAvgPool2d, globalAvgPool3d, globalMaxPool1d, globalMaxPool2d, globalMaxPool3d;
/// SeparableConv1D and SeparableConv2D: a depthwise convolution and one of 1x1 behind it.
std::optional<Steps> kerasSeparable(const KerasSpec& spec, std::size_t inputs);

extern const Kind adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d, adaptiveMaxPool1d, adaptiveMaxPool2d, adaptiveMaxPool3d;
/// Where the class leaves more than one place, that adaptive pooling; null for another class. PyTorch calls the global ones alike.
const Kind* adaptivePooling(const TorchSpec& spec);
/// Where a Keras class of that name leaves one place, the global pooling; null for another.
const Kind* globalPooling(const KerasSpec& spec);

extern const Kind lpPool1d, lpPool2d, lpPool3d;
/// PixelShuffle and its inverse, ChannelShuffle.
extern const Kind pixelShuffle, pixelUnshuffle, channelShuffle;
extern const Kind centerCrop;

/// Upsampling, interpolation to any size.
extern const Kind resize;

extern const Kind zeroPad1d, zeroPad2d, zeroPad3d;

}
