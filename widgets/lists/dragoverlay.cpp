// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lists/dragoverlay.h"

#include "widgets/theme/colours.h"
#include "widgets/theme/paint.h"
#include "widgets/theme/type.h"

#include <QPainter>
#include <QPainterPath>

namespace widgets {

DragOverlay::DragOverlay(QWidget* window, const QRect& area) : QWidget(window)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAttribute(Qt::WA_NoSystemBackground);
    setGeometry(area);
    raise();
    show();
}

void DragOverlay::follow(const QRect& row, bool rowOnLeft, const QPoint& pointer, const QRect& mate, const QString& reason, bool possible)
{
    m_row = row;
    m_rowOnLeft = rowOnLeft;
    m_pointer = pointer;
    m_mate = mate;
    m_reason = reason;
    m_possible = possible;
    update();
}

void DragOverlay::paintEvent(QPaintEvent*)
{
    const Colours& set = colours(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor colour = m_reason.isEmpty() ? set.blue : set.red;
    painter.setPen(QPen(colour, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(m_row).adjusted(1, 1, -1, -1));
    if (!m_mate.isNull())
        painter.drawRect(QRectF(m_mate).adjusted(1, 1, -1, -1));

    // The band leaves at the row's inner edge and narrows to the pointer, or fills the row on which it would land.
    const double from = m_rowOnLeft ? m_row.right() + 1 : m_row.left();
    const double to = m_possible ? (m_rowOnLeft ? m_mate.left() : m_mate.right() + 1) : m_pointer.x();
    const double top = m_row.top() + 2.5, bottom = m_row.bottom() - 1.5;
    const double farTop = m_possible ? m_mate.top() + 2.5 : m_pointer.y() - 1.0;
    const double farBottom = m_possible ? m_mate.bottom() - 1.5 : m_pointer.y() + 1.0;
    const double middle = (from + to) / 2;
    QPainterPath upper(QPointF(from, top));
    upper.cubicTo(middle, top, middle, farTop, to, farTop);
    QPainterPath lower(QPointF(to, farBottom));
    lower.cubicTo(middle, farBottom, middle, bottom, from, bottom);
    QPainterPath band = upper;
    band.connectPath(lower);
    band.closeSubpath();
    painter.fillPath(band, faded(colour, 0.2));
    painter.drawPath(upper);
    painter.drawPath(lower);
    painter.setBrush(colour);
    painter.setPen(Qt::NoPen);
    painter.drawEllipse(QPointF(m_pointer), 3, 3);

    if (m_reason.isEmpty())
        return;
    painter.setFont(textFont());
    const QRect text = painter.fontMetrics().boundingRect(QRect(0, 0, px(260), px(200)), Qt::TextWordWrap, m_reason);
    QRect box(m_pointer + QPoint(px(16), px(12)), text.size() + QSize(px(16), px(12)));
    if (box.right() > width())
        box.moveRight(qMax(box.width(), m_pointer.x() - px(16)));
    if (box.bottom() > height())
        box.moveBottom(qMin(height() - 1, m_pointer.y() - px(8)));
    paint::box(painter, box, set.raise, set.ctl);
    painter.setPen(set.red);
    painter.drawText(box.adjusted(px(8), px(6), -px(8), -px(6)), Qt::TextWordWrap, m_reason);
}

}
