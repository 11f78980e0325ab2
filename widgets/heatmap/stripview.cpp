// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/heatmap/stripview.h"

#include "widgets/heatmap/mapimage.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QGuiApplication>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <cmath>

namespace widgets {
namespace {

constexpr double top = 32, sideWidth = 108, barSpace = 35, gap = 16, tickRoom = 24;
constexpr int mostTicks = 8;

int tickStep(int units)
{
    for (int scale = 1;; scale *= 10)
        for (const int part : {1, 2, 5})
            if (units <= part * scale * mostTicks)
                return part * scale == 20 && units <= 12 * mostTicks ? 12 : part * scale;
}

int unitsOf(const std::array<PaneContent, 3>& contents)
{
    int units = 0;
    for (const auto& content : contents)
        units = qMax(units, content.maps.channels);
    return units;
}

void paintSide(QPainter& painter, const QRectF& rect, const PaneContent& content, const Colours& set)
{
    paintMark(painter, QRectF(px(12), rect.top() + px(6), px(10), px(10)), content.framework, set);
    const double left = px(28), width = rect.left() - left - 4;
    painter.setFont(textFont(12, true));
    painter.setPen(set.text);
    painter.drawText(QRectF(left, rect.top() + px(2), width, px(16)), Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(content.title, Qt::ElideRight, static_cast<int>(width)));
    if (rect.height() + px(gap) < px(34)) // the next strip's title stands there
        return;
    painter.setFont(textFont());
    painter.setPen(set.text2);
    painter.drawText(QRectF(left, rect.top() + px(18), width, px(16)), Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(content.detail, Qt::ElideMiddle, static_cast<int>(width)));
}

}

QRectF StripView::Layout::strip(int row) const
{
    return {left, px(top) + row * pitch, qMin(width, units * cell), height};
}

StripView::StripView(ViewState* state, QWidget* parent) : QWidget(parent), m_state(state)
{
    setMouseTracking(true);
    connect(state, &ViewState::changed, this, qOverload<>(&QWidget::update));
    connect(state, &ViewState::hoveredChanged, this, qOverload<>(&QWidget::update));
}

void StripView::setContent(const QString& heading, const QString& detail, std::array<PaneContent, 3> contents)
{
    m_heading = heading;
    m_detail = detail;
    m_contents = std::move(contents);
    setAccessibleName(heading + u' ' + detail);
    update();
}

StripView::Layout StripView::layoutFor(QSizeF size, const std::array<PaneContent, 3>& contents, double devicePixelRatio) const
{
    Layout layout;
    layout.units = unitsOf(contents);
    layout.left = px(sideWidth);
    layout.width = qMax(1.0, size.width() - layout.left - px(barSpace));
    const int fitting = static_cast<int>(layout.width * devicePixelRatio / qMax(layout.units, 1));
    layout.zoom = m_state->zoom() > 0 ? m_state->zoom() : qBound(1, fitting, 2 * ViewState::mostZoom);
    layout.cell = layout.zoom / devicePixelRatio;
    layout.pitch = qBound(double(px(28)), std::floor((size.height() - px(top) - px(gap) - px(tickRoom)) / 3), double(px(90)));
    layout.height = layout.pitch - px(gap);
    layout.pan = qBound(0.0, m_state->pan().x(), qMax(0.0, layout.units * layout.cell - layout.width));
    return layout;
}

void StripView::paintTicks(QPainter& painter, const Layout& layout, const Colours& set) const
{
    painter.setFont(textFont(10));
    painter.setPen(set.text2);
    const double y = layout.strip(2).bottom() + px(6);
    const int step =
        tickStep(static_cast<int>(layout.width / layout.cell) < layout.units ? static_cast<int>(layout.width / layout.cell) : layout.units);
    const int last = layout.units - 1;
    for (int unit = 0; unit < layout.units; ++unit) {
        const bool atEnd = unit == last;
        if (!atEnd && (unit % step != 0 || last - unit < (step + 1) / 2))
            continue;
        const double x = layout.left + (unit + 0.5) * layout.cell - layout.pan;
        if (x >= layout.left && x <= layout.left + layout.width)
            painter.drawText(QRectF(x - 30, y, 60, px(14)), Qt::AlignCenter, QString::number(unit));
    }
}

void StripView::renderTo(QPainter& painter, QSizeF size, const std::array<PaneContent, 3>& contents, const Colours& set,
                         double devicePixelRatio) const
{
    const auto layout = layoutFor(size, contents, devicePixelRatio);
    for (int row = 0; row < 3; ++row) {
        const auto& content = contents[static_cast<std::size_t>(row)];
        const QRectF strip = layout.strip(row);
        paintSide(painter, strip, content, set);
        if (content.maps.isEmpty()) {
            painter.setPen(set.text2);
            painter.drawText(strip.adjusted(0, 0, layout.width - strip.width(), 0), Qt::AlignCenter, content.problem);
            continue;
        }
        painter.fillRect(strip.adjusted(-1, -1, 1, 1), set.hair);
        painter.save();
        painter.setClipRect(strip);
        painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
        const QImage image = mapImage(content.maps, content.map, content.range);
        const FeatureMaps across{1, 1, content.maps.channels, content.maps.values};
        const QRectF whole(strip.left() - layout.pan, strip.top(), layout.units * layout.cell, strip.height());
        QImage turned(image.height(), 1, QImage::Format_RGB32);
        for (int unit = 0; unit < image.height(); ++unit)
            turned.setPixel(unit, 0, image.pixel(0, unit));
        painter.drawImage(whole, turned);
        if (!std::isfinite(largest(content.maps.values)))
            hatchNotFinite(painter, across, 0, whole);
        painter.restore();
        paintColourBar(painter, QRectF(size.width() - px(barSpace) + px(8), strip.top(), px(10), strip.height()), content, set, false);
    }
    paintTicks(painter, layout, set);
}

void StripView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colours& set = colours(palette());
    painter.fillRect(rect(), set.panel);
    PaneContent heading;
    heading.title = m_heading;
    heading.detail = m_detail;
    paintPaneHeader(painter, QRectF(px(12), 0, width() - px(12) - 4 * 24 - 16, px(28)), heading, set);
    renderTo(painter, size(), m_contents, set, devicePixelRatioF());
    const auto hovered = m_state->hovered();
    const auto layout = layoutFor(size(), m_contents, devicePixelRatioF());
    for (int row = 0; hovered && row < 3; ++row) {
        const QRectF strip = layout.strip(row);
        const QRectF cell(strip.left() + hovered->channel * layout.cell - layout.pan, strip.top(), layout.cell, strip.height());
        if (strip.intersects(cell) && hovered->channel < layout.units)
            paintHovered(painter, cell);
    }
}

QPointF StripView::pointOf(int unit, int row) const
{
    const auto layout = layoutFor(size(), m_contents, devicePixelRatioF());
    const QRectF strip = layout.strip(row);
    return {strip.left() + (unit + 0.5) * layout.cell - layout.pan, strip.center().y()};
}

void StripView::mouseMoveEvent(QMouseEvent* event)
{
    if (event->modifiers().testFlag(Qt::ShiftModifier) && m_state->hovered())
        return;
    const auto layout = layoutFor(size(), m_contents, devicePixelRatioF());
    std::optional<Cell> cell;
    for (int row = 0; row < 3; ++row)
        if (layout.strip(row).contains(event->position()))
            cell = Cell{static_cast<int>((event->position().x() - layout.left + layout.pan) / layout.cell), 0, 0};
    m_state->setHovered(cell && cell->channel < layout.units ? cell : std::nullopt);
    Q_EMIT pointed(event->globalPosition().toPoint());
}

void StripView::wheelEvent(QWheelEvent* event)
{
    event->accept();
    const auto before = layoutFor(size(), m_contents, devicePixelRatioF());
    const QPoint delta = event->angleDelta();
    if (event->modifiers().testFlag(Qt::ShiftModifier) || delta.y() == 0) {
        m_state->setPan({before.pan - (delta.x() + delta.y()) / 2.0, m_state->pan().y()});
        return;
    }
    const double x = event->position().x() - before.left;
    const double unit = (x + before.pan) / before.cell;
    m_state->setZoom(qMax(1, before.zoom + (delta.y() > 0 ? 1 : -1)));
    const auto after = layoutFor(size(), m_contents, devicePixelRatioF());
    m_state->setPan({qBound(0.0, unit * after.cell - x, qMax(0.0, after.units * after.cell - after.width)), m_state->pan().y()});
}

void StripView::leaveEvent(QEvent* event)
{
    if (!QGuiApplication::keyboardModifiers().testFlag(Qt::ShiftModifier))
        m_state->setHovered({});
    QWidget::leaveEvent(event);
}

}
