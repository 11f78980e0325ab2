// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/digit/valuesview.h"

#include "widgets/heatmap/mapimage.h"
#include "widgets/heatmap/tilelayout.h"
#include "widgets/sides/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QPainter>

#include <algorithm>

namespace widgets {
namespace {

constexpr int head = 20, stripHeight = 28, tilesHeight = 96;

core::Shape withoutBatch(const core::Shape& shape)
{
    return shape.empty() ? shape : core::Shape(shape.begin() + 1, shape.end());
}

/// A column of units as a row.
QImage turned(const QImage& column)
{
    QImage row(column.height(), 1, QImage::Format_RGB32);
    for (int unit = 0; unit < column.height(); ++unit)
        row.setPixel(unit, 0, column.pixel(0, unit));
    return row;
}

}

ValuesView::ValuesView(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

QSize ValuesView::sizeHint() const
{
    return {px(160), px(head + (m_maps.isEmpty() || m_maps.isStrip() ? stripHeight : tilesHeight)) + 2};
}

void ValuesView::setValues(const SideName& side, const core::Tensor& values, const QString& problem)
{
    m_side = side;
    m_maps = featureMaps(values);
    m_problem = problem;
    m_caption.clear();
    if (!m_maps.isEmpty()) {
        const Range range = rangeOf(m_maps, {});
        m_caption = QString::fromStdString(core::text(withoutBatch(values.shape()))) + QStringLiteral("   ") + twoDigits(range.low) +
                    QStringLiteral(" … ") + twoDigits(range.high);
    }
    setAccessibleName(tr("%1 receives %2").arg(m_side.title, m_maps.isEmpty() ? m_problem : m_caption));
    setToolTip(m_problem.toHtmlEscaped());
    updateGeometry();
    update();
}

void ValuesView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colours& set = colours(palette());
    paintMark(painter, QRectF(0, px(4), px(10), px(10)), m_side.framework, set);
    const QString title = tr("%1 receives").arg(m_side.title);
    painter.setFont(textFont());
    painter.setPen(set.text);
    painter.drawText(QRect(px(16), 0, width() - px(16), px(18)), Qt::AlignVCenter, title);
    const int after = px(16) + painter.fontMetrics().horizontalAdvance(title) + px(8);
    painter.setFont(textFont(11));
    painter.setPen(set.text2);
    painter.drawText(QRect(after, 0, width() - after, px(18)), Qt::AlignVCenter | Qt::AlignRight,
                     painter.fontMetrics().elidedText(m_caption, Qt::ElideRight, width() - after));
    const QRectF area(1, px(head) + 1, width() - 2, height() - px(head) - 2);
    if (m_maps.isEmpty()) {
        painter.fillRect(area, set.win);
        painter.drawText(area.adjusted(px(8), 0, -px(8), 0), int(Qt::AlignCenter) | Qt::TextWordWrap, m_problem);
        return;
    }
    const Range range = rangeOf(m_maps, {});
    const QImage atlas = mapImage(m_maps, core::report::ColorMap::Values, range);
    painter.setClipRect(area.adjusted(-1, -1, 1, 1));
    if (m_maps.isStrip()) {
        painter.fillRect(area.adjusted(-1, -1, 1, 1), set.hair);
        painter.drawImage(area, turned(atlas));
        return;
    }
    const TileLayout tiles = tileLayout(m_maps, area.size(), 0, devicePixelRatioF());
    for (int channel = 0; channel < m_maps.channels; ++channel) {
        const QRectF tile = tiles.tileRect(channel).translated(area.topLeft());
        if (tile.top() > area.bottom())
            break;
        painter.fillRect(tile.adjusted(-1, -1, 1, 1), set.hair);
        painter.drawImage(tile, atlas, QRectF(0, channel * m_maps.height, m_maps.width, m_maps.height));
    }
}

}
