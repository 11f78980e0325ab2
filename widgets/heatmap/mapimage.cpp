// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/heatmap/mapimage.h"

#include <QPainter>

#include <array>
#include <cmath>

namespace widgets {
namespace {

QRgb rgb(core::report::Rgb colour)
{
    return qRgb(colour.red, colour.green, colour.blue);
}

std::array<QRgb, 256> pixels(core::report::ColorMap map)
{
    std::array<QRgb, 256> result;
    const auto& table = core::report::colorTable(map);
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i] = rgb(table[i]);
    return result;
}

}

QImage mapImage(const FeatureMaps& maps, core::report::ColorMap map, Range range)
{
    if (maps.isEmpty())
        return {};
    const auto table = pixels(map);
    QImage image(maps.width, maps.channels * maps.height, QImage::Format_RGB32);
    const float* value = maps.values.data();
    for (int row = 0; row < image.height(); ++row) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(row));
        for (int x = 0; x < maps.width; ++x, ++value)
            line[x] =
                std::isfinite(*value) ? table[core::report::colorIndex(*value, range.low, range.high)] : rgb(core::report::notFiniteColor);
    }
    return image;
}

QImage scaleImage(core::report::ColorMap map)
{
    const auto table = pixels(map);
    QImage image(1, 256, QImage::Format_RGB32);
    for (int y = 0; y < 256; ++y)
        image.setPixel(0, y, table[static_cast<std::size_t>(255 - y)]);
    return image;
}

void hatchNotFinite(QPainter& painter, const FeatureMaps& maps, int channel, const QRectF& rect)
{
    const auto plane = maps.plane(channel);
    const double width = rect.width() / maps.width, height = rect.height() / maps.height;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(Qt::black, 1));
    for (std::size_t i = 0; i < plane.size(); ++i) {
        if (std::isfinite(plane[i]))
            continue;
        const int x = static_cast<int>(i) % maps.width, y = static_cast<int>(i) / maps.width;
        const QRectF cell(rect.left() + x * width, rect.top() + y * height, width, height);
        painter.setClipRect(cell);
        for (double shift = 0; shift < width + height; shift += 4)
            painter.drawLine(QPointF(cell.left() + shift, cell.top()), QPointF(cell.left() + shift - height, cell.bottom()));
    }
    painter.restore();
}

}
