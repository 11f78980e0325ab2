// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/digits/digits.h"

#include <cmath>

namespace core::digits {

namespace {

constexpr int side = 28;

std::size_t at(int x, int y)
{
    return static_cast<std::size_t>(y * side + x);
}

}

Picture centred(const Picture& picture)
{
    double mass = 0, sumX = 0, sumY = 0;
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
            const double ink = picture[at(x, y)];
            mass += ink;
            sumX += ink * x;
            sumY += ink * y;
        }
    if (mass <= 0)
        return picture;
    const int dx = static_cast<int>(std::lround(side / 2 - sumX / mass));
    const int dy = static_cast<int>(std::lround(side / 2 - sumY / mass));
    Picture moved{};
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            if (const int fromX = x - dx, fromY = y - dy; fromX >= 0 && fromX < side && fromY >= 0 && fromY < side)
                moved[at(x, y)] = picture[at(fromX, fromY)];
    return moved;
}

}
