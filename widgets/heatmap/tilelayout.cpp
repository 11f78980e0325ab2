// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/heatmap/tilelayout.h"

#include <algorithm>
#include <cmath>

namespace widgets {
namespace {

constexpr double wideTile = 48, wideGap = 8, narrowGap = 5, leastRowGap = 6, mostRowGap = 14;

double gapFor(double tileWidth)
{
    return tileWidth >= wideTile ? wideGap : narrowGap;
}

int columnsFor(double tileWidth, double areaWidth)
{
    const double gap = gapFor(tileWidth);
    return std::max(1, static_cast<int>((areaWidth + gap) / (tileWidth + gap)));
}

bool fits(const FeatureMaps& maps, QSizeF area, double cell)
{
    const double tileWidth = maps.width * cell;
    const int columns = columnsFor(tileWidth, area.width());
    const int rows = (maps.channels + columns - 1) / columns;
    const double needed = rows * (maps.height * cell + TileLayout::labelHeight) + (rows - 1) * leastRowGap;
    return tileWidth <= area.width() && needed <= area.height();
}

}

QRectF TileLayout::tileRect(int channel) const
{
    const QPointF corner((channel % columns) * pitch.width(), (channel / columns) * pitch.height() + labelHeight);
    return QRectF(corner, tile);
}

QRectF TileLayout::cellRect(const Cell& at) const
{
    const QRectF rect = tileRect(at.channel);
    return QRectF(rect.left() + at.x * cell, rect.top() + at.y * cell, cell, cell);
}

std::optional<Cell> TileLayout::cellAt(QPointF point) const
{
    if (pitch.isEmpty() || point.x() < 0 || point.y() < 0)
        return {};
    const int column = static_cast<int>(point.x() / pitch.width());
    const int channel = static_cast<int>(point.y() / pitch.height()) * columns + column;
    if (column >= columns || channel >= channels)
        return {};
    const QPointF inside = point - tileRect(channel).topLeft();
    if (inside.x() < 0 || inside.y() < 0 || inside.x() >= tile.width() || inside.y() >= tile.height())
        return {};
    return Cell{channel, static_cast<int>(inside.y() / cell), static_cast<int>(inside.x() / cell)};
}

QPointF TileLayout::boundedPan(QPointF pan, QSizeF size) const
{
    return {std::clamp(pan.x(), 0.0, std::max(0.0, content.width() - size.width())),
            std::clamp(pan.y(), 0.0, std::max(0.0, content.height() - size.height()))};
}

TileLayout tileLayout(const FeatureMaps& maps, QSizeF area, int zoom, double devicePixelRatio)
{
    TileLayout layout;
    if (maps.isEmpty())
        return layout;
    if (zoom <= 0)
        for (zoom = ViewState::mostZoom; zoom > 1 && !fits(maps, area, zoom / devicePixelRatio);)
            --zoom;
    layout.zoom = zoom;
    layout.cell = zoom / devicePixelRatio;
    layout.channels = maps.channels;
    layout.tile = QSizeF(maps.width * layout.cell, maps.height * layout.cell);
    layout.columns = std::min(columnsFor(layout.tile.width(), area.width()), maps.channels);
    layout.rows = (maps.channels + layout.columns - 1) / layout.columns;
    const double rowHeight = layout.tile.height() + TileLayout::labelHeight;
    const double spare = (area.height() - layout.rows * rowHeight) / layout.rows;
    const double rowGap = std::floor(std::clamp(spare, leastRowGap, mostRowGap));
    const auto snapped = [&](double length) { return std::ceil(length * devicePixelRatio) / devicePixelRatio; };
    layout.pitch = QSizeF(snapped(layout.tile.width() + gapFor(layout.tile.width())), snapped(rowHeight + rowGap));
    layout.content =
        QSizeF((layout.columns - 1) * layout.pitch.width() + layout.tile.width(), (layout.rows - 1) * layout.pitch.height() + rowHeight);
    return layout;
}

}
