// SPDX-License-Identifier: GPL-3.0-or-later
// How a TileMap draws its tiles, its scale, and the picture that is saved.
#include "widgets/heatmap/mapimage.h"
#include "widgets/heatmap/panepainter.h"
#include "widgets/tensor/tilemap.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/type.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

constexpr std::int64_t mostFramed = 4096; // tiles; more of them are too small for frames

/// Around 0, so that its colour is the ground's.
Range around(Range range)
{
    const double most = std::max(std::abs(range.low), std::abs(range.high));
    return {-most, most};
}

void paintScale(QPainter& painter, const QRectF& bar, core::report::ColorMap map, Range range, bool diverging, const Colours& set)
{
    PaneContent content;
    content.map = map;
    content.range = range;
    content.isDifference = diverging;
    paintColourBar(painter, bar, content, set, bar.height() >= px(40));
}

}

QImage TileMap::mosaic(core::report::ColorMap map) const
{
    const auto& table = core::report::colorTable(map);
    const Range range = m_diverging ? around(m_range) : m_range;
    const auto rgb = [](core::report::Rgb colour) { return qRgb(colour.red, colour.green, colour.blue); };
    const std::int64_t tiles = m_tiling.down * m_tiling.across, rows = (tiles + m_inRow - 1) / m_inRow;
    QImage image(static_cast<int>(m_inRow * (m_tiling.width + 1) - 1), static_cast<int>(rows * (m_tiling.height + 1) - 1),
                 QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    const float* value = m_values.data();
    for (std::int64_t tile = 0; tile < tiles; ++tile) {
        const QRect place = tileRect(tile).toRect();
        for (int y = 0; y < place.height(); ++y) {
            auto* line = reinterpret_cast<QRgb*>(image.scanLine(place.top() + y)) + place.left();
            for (int x = 0; x < place.width(); ++x, ++value)
                line[x] = rgb(std::isfinite(*value) ? table[core::report::colorIndex(*value, range.low, range.high)]
                                                    : core::report::notFiniteColor);
        }
    }
    return image;
}

void TileMap::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    const Colours& set = colours(palette());
    painter.fillRect(viewport()->rect(), set.panel);
    if (!hasTiles()) {
        if (!m_message.isEmpty())
            paintProblem(painter, QRectF(viewport()->rect()).adjusted(px(12), 0, -px(12), 0), m_message, set);
        return;
    }
    const QRectF place = placeOfMosaic();
    painter.save();
    painter.setClipRect(QRectF(0, 0, viewport()->width() - px(64), viewport()->height()));
    painter.setRenderHint(QPainter::SmoothPixmapTransform, place.width() < m_mosaic.width());
    const double across = place.width() / m_mosaic.width(), down = place.height() / m_mosaic.height();
    const auto placeOf = [&](std::int64_t tile) {
        const QRectF rect = tileRect(tile);
        return QRectF(place.left() + rect.left() * across, place.top() + rect.top() * down, rect.width() * across, rect.height() * down);
    };
    if (m_tiling.down * m_tiling.across <= mostFramed)
        for (std::int64_t tile = 0; tile < m_tiling.down * m_tiling.across; ++tile)
            painter.fillRect(placeOf(tile).adjusted(-1, -1, 1, 1), set.hair);
    painter.drawImage(place, m_mosaic);
    if (m_tiling.down * m_tiling.across > 1 && chosenTile() < m_tiling.down * m_tiling.across)
        paintHovered(painter, placeOf(chosenTile()));
    painter.restore();
    if (m_range.high > m_range.low || m_diverging)
        paintScale(painter, QRectF(viewport()->width() - px(56), px(8), px(10), viewport()->height() - px(16)), map(set.dark),
                   m_diverging ? around(m_range) : m_range, m_diverging, set);
}

QImage TileMap::picture(const QString& title) const
{
    if (!hasTiles())
        return {};
    const Colours& set = lightColours();
    const int factor = std::clamp(1024 / std::max(m_mosaic.width(), m_mosaic.height()), 1, 24);
    const QSize size = m_mosaic.size() * factor;
    const int margin = 16, head = 28, bar = 80;
    QImage image(std::max(size.width() + 2 * margin + bar, 360), std::max(size.height(), 96) + head + 2 * margin, QImage::Format_RGB32);
    image.fill(set.panel);
    QPainter painter(&image);
    painter.setFont(textFont(12, true));
    painter.setPen(set.text);
    painter.drawText(QRect(margin, margin / 2, image.width() - 2 * margin, head), Qt::AlignVCenter | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(title, Qt::ElideMiddle, image.width() - 2 * margin));
    const QRect place(QPoint(margin, margin + head), size);
    painter.fillRect(place.adjusted(-1, -1, 1, 1), set.hair);
    painter.drawImage(place, mosaic(map(false)));
    paintScale(painter, QRectF(place.right() + margin, place.top(), 12, std::max(size.height(), 96)), map(false),
               m_diverging ? around(m_range) : m_range, m_diverging, set);
    return image;
}

}
