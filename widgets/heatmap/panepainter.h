// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/heatmap/panecontent.h"
#include "widgets/heatmap/tilelayout.h"
#include "widgets/theme/colours.h"

#include <QImage>

class QPainter;

namespace widgets {

/// Where a pane's parts lie in its rectangle.
struct PaneGeometry
{
    QRectF header, area, bar;
};

/// Margins left and right of the tiles in the first, second and third pane; the last two have a colour bar at their right.
PaneGeometry paneGeometry(QSizeF size, int place);
/// Widths of the three panes, so that all have tiles in areas of one size.
std::array<int, 3> paneWidths(int total);

void paintPaneHeader(QPainter& painter, const QRectF& rect, const PaneContent& content, const Colours& set);
/// Tiles with their numbers; `atlas` is mapImage() of the content.
void paintTiles(QPainter& painter, const QRectF& area, const PaneContent& content, const QImage& atlas, const TileLayout& layout,
                QPointF pan, std::optional<Cell> hovered, const Colours& set);
void paintColourBar(QPainter& painter, const QRectF& bar, const PaneContent& content, const Colours& set, bool numbers = true);
/// A dashed frame with the reason why there is no picture.
void paintProblem(QPainter& painter, const QRectF& area, const QString& text, const Colours& set);
/// The frame around the value under the pointer, visible on every colour.
void paintHovered(QPainter& painter, const QRectF& cell);

}
