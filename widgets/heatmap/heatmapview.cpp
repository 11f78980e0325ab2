// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/heatmap/heatmapview.h"

#include "widgets/heatmap/mapimage.h"

#include <QGuiApplication>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

namespace widgets {

HeatmapView::HeatmapView(ViewState* state, int place, QWidget* parent) : QWidget(parent), m_state(state), m_place(place)
{
    setMouseTracking(true);
    connect(state, &ViewState::changed, this, qOverload<>(&QWidget::update));
    connect(state, &ViewState::hoveredChanged, this, qOverload<>(&QWidget::update));
}

void HeatmapView::setContent(PaneContent content)
{
    m_content = std::move(content);
    m_atlas = mapImage(m_content.maps, m_content.map, m_content.range);
    setAccessibleName(m_content.title + u' ' + m_content.detail);
    setAccessibleDescription(m_content.problem);
    update();
}

TileLayout HeatmapView::layoutNow() const
{
    return tileLayout(m_content.maps, paneGeometry(size(), m_place).area.size(), m_state->zoom(), devicePixelRatioF());
}

QPointF HeatmapView::pointOf(const Cell& cell) const
{
    const auto area = paneGeometry(size(), m_place).area;
    const auto layout = layoutNow();
    return area.topLeft() - layout.boundedPan(m_state->pan(), area.size()) + layout.cellRect(cell).center();
}

void HeatmapView::renderTo(QPainter& painter, QSizeF size, const PaneContent& content, const Colours& set, double devicePixelRatio) const
{
    const auto geometry = paneGeometry(size, m_place);
    paintPaneHeader(painter, geometry.header, content, set);
    const auto layout = tileLayout(content.maps, geometry.area.size(), m_state->zoom(), devicePixelRatio);
    paintTiles(painter, geometry.area, content, mapImage(content.maps, content.map, content.range), layout,
               layout.boundedPan(m_state->pan(), geometry.area.size()), {}, set);
    if (!geometry.bar.isEmpty() && !content.maps.isEmpty())
        paintColourBar(painter, geometry.bar, content, set);
}

void HeatmapView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colours& set = colours(palette());
    painter.fillRect(rect(), set.panel);
    const auto geometry = paneGeometry(size(), m_place);
    paintPaneHeader(painter, geometry.header.adjusted(0, 0, m_place == 2 ? -4 * 24 - 8 : 0, 0), m_content, set);
    if (m_place < 2)
        painter.fillRect(QRect(width() - 1, 0, 1, height()), set.hair);
    if (m_content.maps.isEmpty()) {
        if (!m_content.problem.isEmpty())
            paintProblem(painter, geometry.area, m_content.problem, set);
    } else {
        const auto layout = layoutNow();
        const QPointF pan = layout.boundedPan(m_state->pan(), geometry.area.size());
        paintTiles(painter, geometry.area, m_content, m_atlas, layout, pan, m_state->hovered(), set);
        if (layout.content.height() > geometry.area.height()) {
            const double part = geometry.area.height() / layout.content.height();
            const QRectF thumb(width() - 5, geometry.area.top() + pan.y() * part, 3, geometry.area.height() * part);
            painter.fillRect(thumb, set.ctl);
        }
    }
    // The scale belongs to both frameworks: it stays when only the other pane has values.
    if (!geometry.bar.isEmpty() && m_content.range.high > m_content.range.low)
        paintColourBar(painter, geometry.bar, m_content, set);
}

std::optional<Cell> HeatmapView::cellAt(QPointF position) const
{
    const auto area = paneGeometry(size(), m_place).area;
    if (m_content.maps.isEmpty() || !area.contains(position))
        return {};
    const auto layout = layoutNow();
    return layout.cellAt(position - area.topLeft() + layout.boundedPan(m_state->pan(), area.size()));
}

void HeatmapView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        m_grabbed = event->position() + m_state->pan();
}

void HeatmapView::mouseMoveEvent(QMouseEvent* event)
{
    if (m_grabbed && event->buttons().testFlag(Qt::LeftButton)) {
        const auto area = paneGeometry(size(), m_place).area;
        m_state->setPan(layoutNow().boundedPan(*m_grabbed - event->position(), area.size()));
        return;
    }
    if (event->modifiers().testFlag(Qt::ShiftModifier) && m_state->hovered())
        return;
    m_state->setHovered(cellAt(event->position()));
    Q_EMIT pointed(event->globalPosition().toPoint());
}

void HeatmapView::mouseReleaseEvent(QMouseEvent*)
{
    m_grabbed.reset();
}

void HeatmapView::wheelEvent(QWheelEvent* event)
{
    event->accept();
    if (m_content.maps.isEmpty() || event->angleDelta().y() == 0)
        return;
    const auto area = paneGeometry(size(), m_place).area;
    const auto cell = cellAt(event->position());
    const int step = event->angleDelta().y() > 0 ? 1 : -1;
    m_state->setZoom(qMax(1, layoutNow().zoom + step));
    const auto layout = layoutNow();
    const QPointF pan = cell ? layout.cellRect(*cell).center() - (event->position() - area.topLeft()) : m_state->pan();
    m_state->setPan(layout.boundedPan(pan, area.size()));
}

void HeatmapView::leaveEvent(QEvent* event)
{
    if (!QGuiApplication::keyboardModifiers().testFlag(Qt::ShiftModifier))
        m_state->setHovered({});
    QWidget::leaveEvent(event);
}

}
