// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace core::report {

struct Rgb
{
    std::uint8_t red = 0, green = 0, blue = 0;
    bool operator==(const Rgb&) const = default;
};

/// Values: viridis. Difference: diverging, its middle (0) nearly the ground it is drawn on; the light one is for paper and saved pictures.
enum class ColorMap { Values, DifferenceLight, DifferenceDark };

using ColorTable = std::array<Rgb, 256>;
/// From the lowest to the highest value, linear in sRGB between equally spaced stops.
const ColorTable& colorTable(ColorMap map);

/// NaN and infinities in every map, to be hatched in black.
inline constexpr Rgb notFiniteColor{0xff, 0x00, 0xc8};

/// Entry of a table for a finite value; values outside the range take the first or last one. An empty range gives the middle.
std::size_t colorIndex(double value, double low, double high);
/// Colour of a value, notFiniteColor for NaN and infinities.
Rgb color(ColorMap map, double value, double low, double high);

}
