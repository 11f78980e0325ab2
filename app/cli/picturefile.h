// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace app {

/// A decoded picture, resized: channels * height * width bytes in C,H,W order, grey for one channel, red, green and blue for three.
/// Transparent parts are white. Throws core::Error("image-...") for what is no picture or larger than 16384 x 16384.
std::vector<std::uint8_t> readPicture(const std::string& path, int channels, int height, int width);

}
