// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/heatmap/panepainter.h"

#include "widgets/heatmap/mapimage.h"
#include "widgets/sides/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QPainter>

#include <cmath>

namespace widgets {
namespace {

constexpr double headerHeight = 28, bottom = 6, barWidth = 10, barGap = 7, leastNumbered = 60;
constexpr std::array<int, 3> leftMargins = {12, 9, 11}, rightMargins = {6, 61, 68};

QString endText(double value, bool isDifference)
{
    if (!isDifference)
        return std::abs(value) >= 100 || (value != 0 && std::abs(value) < 0.01) ? twoDigits(value) : fixedNumber(value, 2);
    const QString text = roundNumber(value);
    return value > 0 ? u'+' + text : text;
}

QString middleText(const PaneContent& content)
{
    const double middle = (content.range.low + content.range.high) / 2;
    const double size = content.range.high - content.range.low;
    return std::abs(middle) <= size * 1e-3 ? QStringLiteral("0") : endText(middle, content.isDifference);
}

}

PaneGeometry paneGeometry(QSizeF size, int place)
{
    const auto at = static_cast<std::size_t>(place);
    const double left = px(leftMargins[at]), top = px(headerHeight);
    const double width = qMax(1.0, size.width() - left - px(rightMargins[at]));
    PaneGeometry geometry;
    geometry.header = QRectF(left, 0, size.width() - left, top);
    geometry.area = QRectF(left, top, width, qMax(1.0, size.height() - top));
    if (place > 0)
        geometry.bar = QRectF(left + width + px(barGap), top + TileLayout::labelHeight, px(barWidth),
                              qMax(1.0, size.height() - top - TileLayout::labelHeight - bottom));
    return geometry;
}

std::array<int, 3> paneWidths(int total)
{
    int tiles = total;
    for (std::size_t i = 0; i < 3; ++i)
        tiles -= px(leftMargins[i]) + px(rightMargins[i]);
    std::array<int, 3> widths;
    for (std::size_t i = 0; i < 3; ++i)
        widths[i] = px(leftMargins[i]) + px(rightMargins[i]) + qMax(1, tiles / 3);
    widths[2] += qMax(0, tiles - tiles / 3 * 3);
    return widths;
}

void paintPaneHeader(QPainter& painter, const QRectF& rect, const PaneContent& content, const Colours& set)
{
    QRectF rest = rect;
    if (content.framework != core::Framework::None) {
        paintMark(painter, QRectF(rest.left(), rest.center().y() - px(5), px(10), px(10)), content.framework, set);
        rest.adjust(px(16), 0, 0, 0);
    }
    const auto put = [&](const QString& text, bool bold, const QColor& colour) {
        const QFont font = textFont(12, bold);
        const QFontMetricsF metrics(font);
        painter.setFont(font);
        painter.setPen(colour);
        painter.drawText(rest, Qt::AlignVCenter | Qt::AlignLeft, metrics.elidedText(text, Qt::ElideRight, qMax(0.0, rest.width() - 4)));
        rest.adjust(metrics.horizontalAdvance(text) + px(6), 0, 0, 0);
    };
    put(content.title, true, set.text);
    if (rest.width() > px(24))
        put(content.detail, false, set.text2);
}

void paintTiles(QPainter& painter, const QRectF& area, const PaneContent& content, const QImage& atlas, const TileLayout& layout,
                QPointF pan, std::optional<Cell> hovered, const Colours& set)
{
    painter.save();
    painter.setClipRect(area.adjusted(-1, 0, 1, 0));
    painter.translate(area.topLeft() - pan);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.setFont(textFont(10));
    const QRectF shown(pan, area.size());
    const int width = content.maps.width, height = content.maps.height;
    for (int channel = 0; channel < content.maps.channels; ++channel) {
        const QRectF rect = layout.tileRect(channel);
        const QRectF label(rect.left(), rect.top() - TileLayout::labelHeight, rect.width(), TileLayout::labelHeight - 1);
        if (!rect.united(label).intersects(shown))
            continue;
        painter.fillRect(rect.adjusted(-1, -1, 1, 1), set.hair);
        painter.drawImage(rect, atlas, QRectF(0, channel * height, width, height));
        const auto plane = content.maps.plane(channel);
        const double most = largest(plane);
        if (!std::isfinite(most))
            hatchNotFinite(painter, content.maps, channel, rect);
        painter.setPen(set.text2);
        painter.drawText(label, Qt::AlignLeft | Qt::AlignVCenter, QString::number(channel));
        if (content.isDifference && rect.width() >= px(leastNumbered))
            painter.drawText(label, Qt::AlignRight | Qt::AlignVCenter, twoDigits(most));
    }
    if (hovered && hovered->channel < content.maps.channels)
        paintHovered(painter, layout.cellRect(*hovered));
    painter.restore();
}

void paintColourBar(QPainter& painter, const QRectF& bar, const PaneContent& content, const Colours& set, bool numbers)
{
    painter.save();
    painter.fillRect(bar.adjusted(-1, -1, 1, 1), set.hair);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(bar, scaleImage(content.map));
    if (numbers) {
        painter.setFont(textFont(10));
        painter.setPen(set.text2);
        const double line = px(14);
        const auto put = [&](double top, const QString& text) {
            painter.drawText(QRectF(bar.right() + 4, top, px(60), line), Qt::AlignLeft | Qt::AlignVCenter, text);
        };
        put(bar.top(), endText(content.range.high, content.isDifference));
        put(bar.center().y() - line / 2, middleText(content));
        put(bar.bottom() - line, endText(content.range.low, content.isDifference));
    }
    painter.restore();
}

void paintProblem(QPainter& painter, const QRectF& area, const QString& text, const Colours& set)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(set.ctl, 1.5);
    pen.setDashPattern({2, 2});
    painter.setPen(pen);
    const QRectF frame = area.adjusted(1, px(13) + 1, -1, -px(13));
    painter.drawRoundedRect(frame, 8, 8);
    painter.setFont(textFont());
    painter.setPen(set.text2);
    painter.drawText(frame.adjusted(12, 8, -12, -8), Qt::AlignCenter | Qt::TextWordWrap, text);
    painter.restore();
}

void paintHovered(QPainter& painter, const QRectF& cell)
{
    painter.save();
    painter.setBrush(Qt::NoBrush);
    const QRectF inner = cell.adjusted(-1.5, -1.5, 1.5, 1.5);
    painter.setPen(QPen(Qt::white, 1));
    painter.drawRect(inner);
    painter.setPen(QPen(Qt::black, 1));
    painter.drawRect(inner.adjusted(-1, -1, 1, 1));
    painter.restore();
}

}
