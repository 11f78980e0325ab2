// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/digits/digits.h"

#include <algorithm>
#include <cmath>

namespace core::digits {

namespace {

constexpr int side = 28;

double distance(Point point, Point from, Point to)
{
    const double dx = to.x - from.x, dy = to.y - from.y;
    const double length = dx * dx + dy * dy;
    const double along = length > 0 ? std::clamp(((point.x - from.x) * dx + (point.y - from.y) * dy) / length, 0.0, 1.0) : 0.0;
    return std::hypot(point.x - from.x - along * dx, point.y - from.y - along * dy);
}

/// Raises `cover` (0..1 for each pixel) by one segment: 1 inside the brush, falling to 0 over one pixel at its edge.
void addSegment(std::array<double, 784>& cover, Point from, Point to, double radius)
{
    const double reach = radius + 0.5;
    const auto pixel = [](double position) {
        return std::clamp(static_cast<int>(std::floor(std::clamp(position, -1.0, side + 1.0))), 0, side - 1);
    };
    for (int y = pixel(std::min(from.y, to.y) - reach); y <= pixel(std::max(from.y, to.y) + reach); ++y)
        for (int x = pixel(std::min(from.x, to.x) - reach); x <= pixel(std::max(from.x, to.x) + reach); ++x) {
            double& covered = cover[static_cast<std::size_t>(y * side + x)];
            covered = std::max(covered, std::clamp(reach - distance({x + 0.5, y + 0.5}, from, to), 0.0, 1.0));
        }
}

}

Picture rasterised(const std::vector<Stroke>& strokes)
{
    Picture picture{};
    for (const Stroke& stroke : strokes) {
        std::array<double, 784> cover{};
        for (std::size_t i = 0; i < stroke.points.size(); ++i)
            addSegment(cover, stroke.points[i == 0 ? 0 : i - 1], stroke.points[i], stroke.width / 2);
        const float ink = stroke.erase ? 0.0f : 255.0f;
        for (std::size_t i = 0; i < picture.size(); ++i)
            picture[i] += (ink - picture[i]) * static_cast<float>(cover[i]);
    }
    return picture;
}

}
