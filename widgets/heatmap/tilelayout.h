// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/heatmap/featuremaps.h"
#include "widgets/heatmap/viewstate.h"

#include <QRectF>
#include <QSizeF>

namespace widgets {

/// Where the tiles of a pane lie, in logical pixels from the area's corner. Each value is `zoom` whole device pixels wide and high.
struct TileLayout
{
    static constexpr double labelHeight = 13;

    int zoom = 1, columns = 1, rows = 0, channels = 0;
    double cell = 1; ///< side of one value
    QSizeF tile, pitch, content;

    /// The picture of a channel, below its number.
    QRectF tileRect(int channel) const;
    QRectF cellRect(const Cell& cell) const;
    std::optional<Cell> cellAt(QPointF point) const;
    /// A pan that keeps the content in an area of `size`.
    QPointF boundedPan(QPointF pan, QSizeF size) const;
};

/// `zoom` 0: the largest at which every channel fits into `area`, at least 1.
TileLayout tileLayout(const FeatureMaps& maps, QSizeF area, int zoom, double devicePixelRatio);

}
