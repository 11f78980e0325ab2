// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/digit/drawingpad.h"

#include "widgets/theme/colours.h"
#include "widgets/theme/type.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <utility>

namespace widgets {
namespace {

constexpr double pictureSide = 28, boxFrom = 4, boxSide = 20, brushStep = 0.2;

}

DrawingPad::DrawingPad(QWidget* parent) : QWidget(parent)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::BlankCursor);
    setAttribute(Qt::WA_OpaquePaintEvent, false);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Drawing pad"));
    setToolTip({});
}

QSize DrawingPad::sizeHint() const
{
    return {280, 280};
}

QSize DrawingPad::minimumSizeHint() const
{
    return {140, 140};
}

QRectF DrawingPad::square() const
{
    const int side = std::min(width(), height());
    return QRectF((width() - side) / 2, 0, side, side);
}

double DrawingPad::scale() const
{
    return square().width() / pictureSide;
}

core::digits::Point DrawingPad::toPicture(QPointF position) const
{
    const QPointF inside = (position - square().topLeft()) / scale();
    return {inside.x(), inside.y()};
}

QPointF DrawingPad::toWidget(core::digits::Point point) const
{
    return QPointF(point.x, point.y) * scale();
}

void DrawingPad::setStrokes(Strokes strokes)
{
    if (strokes == m_strokes)
        return; // an echo of what is being drawn: the pen stays down
    m_strokes = std::move(strokes);
    m_down = false;
    repaintCanvas();
}

void DrawingPad::undo()
{
    if (m_strokes.empty())
        return;
    m_strokes.pop_back();
    m_down = false;
    repaintCanvas();
    Q_EMIT drawingChanged(m_strokes, true);
}

void DrawingPad::clear()
{
    if (m_strokes.empty())
        return;
    m_strokes.clear();
    m_down = false;
    repaintCanvas();
    Q_EMIT drawingChanged(m_strokes, true);
}

void DrawingPad::setErasing(bool erasing)
{
    if (std::exchange(m_erasing, erasing) != erasing)
        Q_EMIT erasingChanged(erasing);
    update();
}

void DrawingPad::setBrush(double width)
{
    width = std::clamp(width, leastBrush, mostBrush);
    if (std::exchange(m_brush, width) != width)
        Q_EMIT brushChanged(width);
    update();
}

void DrawingPad::paintSegment(QPainter& painter, const core::digits::Stroke& stroke, std::size_t from) const
{
    if (stroke.points.empty())
        return;
    QPainterPath path(toWidget(stroke.points[from]));
    for (std::size_t i = from + 1; i < stroke.points.size(); ++i)
        path.lineTo(toWidget(stroke.points[i]));
    if (from + 1 >= stroke.points.size())
        path.lineTo(toWidget(stroke.points[from]) + QPointF(0.01, 0));
    painter.setPen(QPen(stroke.erase ? Qt::black : Qt::white, stroke.width * scale(), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(path);
}

void DrawingPad::repaintCanvas()
{
    const double ratio = devicePixelRatioF();
    m_canvas = QImage(square().size().toSize() * ratio, QImage::Format_RGB32);
    m_canvas.setDevicePixelRatio(ratio);
    m_canvas.fill(Qt::black);
    QPainter painter(&m_canvas);
    painter.setRenderHint(QPainter::Antialiasing);
    for (const auto& stroke : m_strokes)
        paintSegment(painter, stroke, 0);
    update();
}

void DrawingPad::paintEvent(QPaintEvent*)
{
    if (m_canvas.size() != square().size().toSize() * devicePixelRatioF())
        repaintCanvas();
    QPainter painter(this);
    const QRectF area = square();
    painter.drawImage(area.topLeft(), m_canvas);
    painter.setPen(QPen(colours(palette()).hair, 1));
    painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5));
    QPen dashed(QColor(255, 255, 255, 90), 1);
    dashed.setDashPattern({4, 4});
    painter.setPen(dashed);
    painter.drawRect(
        QRectF(area.left() + boxFrom * scale() + 0.5, area.top() + boxFrom * scale() + 0.5, boxSide * scale(), boxSide * scale()));
    painter.setRenderHint(QPainter::Antialiasing);
    if (area.contains(m_pointer)) {
        const double radius = (m_erasing ? 2 : 1) * m_brush * scale() / 2;
        painter.setPen(QPen(Qt::black, 3));
        painter.drawEllipse(m_pointer, radius, radius);
        painter.setPen(QPen(Qt::white, 1.5));
        painter.drawEllipse(m_pointer, radius, radius);
    }
    if (hasFocus() && m_strokes.empty()) {
        painter.setPen(QColor(255, 255, 255, 140));
        painter.setFont(textFont());
        painter.drawText(area.adjusted(0, 0, 0, -boxFrom * scale() / 2), Qt::AlignHCenter | Qt::AlignBottom, tr("Draw a digit"));
    }
}

void DrawingPad::extend(QPointF position)
{
    auto& stroke = m_strokes.back();
    stroke.points.push_back(toPicture(position));
    QPainter painter(&m_canvas);
    painter.setRenderHint(QPainter::Antialiasing);
    paintSegment(painter, stroke, stroke.points.size() < 2 ? 0 : stroke.points.size() - 2);
    Q_EMIT drawingChanged(m_strokes, false);
}

void DrawingPad::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    if (m_canvas.isNull())
        repaintCanvas();
    m_down = true;
    m_strokes.push_back({{}, m_erasing ? 2 * m_brush : m_brush, m_erasing});
    extend(event->position());
    update();
}

void DrawingPad::mouseMoveEvent(QMouseEvent* event)
{
    m_pointer = event->position();
    if (m_down)
        extend(event->position());
    update();
}

void DrawingPad::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !std::exchange(m_down, false))
        return;
    Q_EMIT drawingChanged(m_strokes, true);
}

void DrawingPad::leaveEvent(QEvent* event)
{
    m_pointer = {-1, -1};
    update();
    QWidget::leaveEvent(event);
}

void DrawingPad::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_B:
        return setErasing(false);
    case Qt::Key_E:
        return setErasing(true);
    case Qt::Key_BracketLeft:
        return setBrush(m_brush - brushStep);
    case Qt::Key_BracketRight:
        return setBrush(m_brush + brushStep);
    case Qt::Key_Delete:
        return clear();
    default:
        break;
    }
    if (event->matches(QKeySequence::Undo))
        return undo();
    QWidget::keyPressEvent(event);
}

bool DrawingPad::event(QEvent* event)
{
    // The pad's own undo and clear come before the window's shortcuts of the same keys.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Undo) || key->key() == Qt::Key_Delete || key->key() == Qt::Key_B || key->key() == Qt::Key_E) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

}
