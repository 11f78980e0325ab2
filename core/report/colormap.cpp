// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/colormap.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace core::report {
namespace {

constexpr std::array<std::uint32_t, 9> viridis = {0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c, 0x28ae80, 0x5ec962, 0xaddc30, 0xfde725};
constexpr std::array<std::uint32_t, 9> differenceLight = {0x0f3d82, 0x3a73bd, 0x8fb5e0, 0xd3e0ee, 0xf4f4f2,
                                                          0xf3dcc0, 0xe6ae72, 0xc4731f, 0x7d3f00};
constexpr std::array<std::uint32_t, 9> differenceDark = {0xd6ecff, 0x86bdf7, 0x3f83d6, 0x2a4f80, 0x282b31,
                                                         0x7a4716, 0xd07a1c, 0xffb04d, 0xffe6bf};

std::uint8_t mixed(std::uint32_t from, std::uint32_t to, int shift, double part)
{
    const double a = (from >> shift) & 0xff;
    const double b = (to >> shift) & 0xff;
    return static_cast<std::uint8_t>(std::lround(a + (b - a) * part));
}

ColorTable table(std::span<const std::uint32_t, 9> stops)
{
    ColorTable result;
    for (std::size_t i = 0; i < result.size(); ++i) {
        const double place = static_cast<double>(i) * 8.0 / 255.0;
        const auto stop = std::min<std::size_t>(static_cast<std::size_t>(place), 7);
        const double part = place - static_cast<double>(stop);
        const auto from = stops[stop], to = stops[stop + 1];
        result[i] = {mixed(from, to, 16, part), mixed(from, to, 8, part), mixed(from, to, 0, part)};
    }
    return result;
}

}

const ColorTable& colorTable(ColorMap map)
{
    static const std::array<ColorTable, 3> tables = {table(viridis), table(differenceLight), table(differenceDark)};
    return tables[static_cast<std::size_t>(map)];
}

std::size_t colorIndex(double value, double low, double high)
{
    if (!(high > low))
        return 128;
    const double place = (value - low) / (high - low) * 255.0 + 0.5;
    return static_cast<std::size_t>(std::clamp(place, 0.0, 255.0));
}

Rgb color(ColorMap map, double value, double low, double high)
{
    if (!std::isfinite(value))
        return notFiniteColor;
    return colorTable(map)[colorIndex(value, low, high)];
}

}
