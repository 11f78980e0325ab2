// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace app {

/// A picture of a file: regular, at most 256 MiB, and PNG, JPEG, BMP, GIF, PPM or WebP by its first bytes, whatever its name; at most
/// 16384 x 16384 and 256 MiB when decoded. Formats that name other files (SVG) or inflate without bound are none of these. Throws
/// core::Error("image-...") and what core::File throws.
QImage openPicture(const std::string& path);
/// The same for bytes that were dropped or pasted; `name` stands for them in messages.
QImage openPicture(std::span<const std::byte> bytes, const std::string& name);

/// A picture file, resized: channels * height * width bytes in C,H,W order, grey for one channel, red, green and blue for three.
/// Transparent parts are white. Throws as openPicture.
std::vector<std::uint8_t> readPicture(const std::string& path, int channels, int height, int width);

}
