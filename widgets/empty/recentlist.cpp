// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/empty/recentlist.h"

#include "widgets/theme/icons.h"
#include "widgets/theme/paint.h"
#include "widgets/theme/type.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

namespace widgets {

namespace {

QString iconOf(VerdictChip::State state)
{
    switch (state) {
    case VerdictChip::State::TiesOut:
        return QStringLiteral("check");
    case VerdictChip::State::Differs:
        return QStringLiteral("differ");
    case VerdictChip::State::Assumed:
    case VerdictChip::State::NotCompared:
        return QStringLiteral("warn");
    default:
        return {};
    }
}

QColor colourOf(VerdictChip::State state, const Colours& set)
{
    switch (state) {
    case VerdictChip::State::TiesOut:
        return set.green;
    case VerdictChip::State::Differs:
        return set.red;
    case VerdictChip::State::Assumed:
    case VerdictChip::State::NotCompared:
        return set.amber;
    default:
        return set.text2;
    }
}

/// One row from left to right; every cell elides.
class RowPainter
{
public:
    RowPainter(QPainter& painter, const QRect& row) : m_painter(painter), m_row(row) {}

    int text(int left, int right, const QString& text, const QColor& colour, bool bold = false, Qt::Alignment side = Qt::AlignLeft)
    {
        if (right <= left)
            return left;
        m_painter.setFont(textFont(12, bold));
        m_painter.setPen(colour);
        const QString elided = m_painter.fontMetrics().elidedText(text, Qt::ElideMiddle, right - left);
        m_painter.drawText(QRect(left, m_row.top(), right - left, m_row.height()), int(side | Qt::AlignVCenter) | Qt::TextSingleLine,
                           elided);
        return left + m_painter.fontMetrics().horizontalAdvance(elided);
    }

    void icon(int left, const QString& name, const QColor& colour)
    {
        if (!name.isEmpty())
            paintIcon(m_painter, QRectF(left, m_row.top() + (m_row.height() - px(16)) / 2.0, px(16), px(16)), name, colour);
    }

private:
    QPainter& m_painter;
    QRect m_row;
};

}

RecentList::RecentList(QWidget* parent) : QWidget(parent)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::TabFocus);
    setAccessibleName(tr("Recent pairs"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
}

void RecentList::setPairs(const QList<RecentPair>& pairs)
{
    m_pairs = pairs;
    setCurrent(-1);
    updateGeometry();
}

QSize RecentList::sizeHint() const
{
    return {px(600), px(10) + px(24) * int(m_pairs.size())};
}

QSize RecentList::minimumSizeHint() const
{
    return {px(300), px(10) + px(24) * qMin(2, int(m_pairs.size()))};
}

/// Only whole rows are shown: a low window drops the oldest.
int RecentList::shownRows() const
{
    return qMin(int(m_pairs.size()), (height() - px(10)) / px(24));
}

QRect RecentList::rowRect(int index) const
{
    return {px(5), px(5) + index * px(24), width() - px(10), px(24)};
}

int RecentList::rowAt(const QPoint& position) const
{
    const int row = (position.y() - px(5)) / px(24);
    return position.y() >= px(5) && row < shownRows() ? row : -1;
}

void RecentList::setCurrent(int index)
{
    m_current = index;
    setCursor(index >= 0 && underMouse() ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (index >= 0)
        setAccessibleDescription(tr("%1 and %2, %3").arg(m_pairs[index].left, m_pairs[index].right, m_pairs[index].verdict));
    update();
}

void RecentList::paintEvent(QPaintEvent*)
{
    const Colours& set = colours(palette());
    QPainter painter(this);
    paint::box(painter, rect(), set.panel, set.hair, 8);
    for (int i = 0; i < shownRows(); ++i) {
        const RecentPair& pair = m_pairs[i];
        const QRect row = rowRect(i);
        if (i == m_current)
            paint::box(painter, row, set.hover, hasFocus() ? set.blue : QColor());
        RowPainter line(painter, row);
        const int left = row.left() + px(8);
        const int folder = row.left() + row.width() * 41 / 100;
        const int verdict = row.left() + row.width() * 57 / 100;
        const int when = row.right() - px(110);
        line.icon(left, QStringLiteral("file"), set.text2);
        int x = line.text(left + px(24), folder - px(60), pair.left, set.text, true);
        if (!pair.right.isEmpty()) {
            x = line.text(x, folder, QStringLiteral(" ") + tr("and") + QStringLiteral(" "), set.text2);
            line.text(x, folder - px(8), pair.right, set.text, true);
        }
        line.text(folder, verdict - px(8), pair.folder, set.text2);
        const bool judged = !iconOf(pair.state).isEmpty();
        line.icon(verdict, iconOf(pair.state), colourOf(pair.state, set));
        line.text(verdict + (judged ? px(22) : 0), when, pair.verdict, colourOf(pair.state, set));
        line.text(when, row.right() - px(7), pair.when, set.text2, false, Qt::AlignRight);
    }
}

void RecentList::mouseMoveEvent(QMouseEvent* event)
{
    setCurrent(rowAt(event->pos()));
}

void RecentList::mouseReleaseEvent(QMouseEvent* event)
{
    if (const int row = rowAt(event->pos()); row >= 0 && event->button() == Qt::LeftButton)
        Q_EMIT chosen(row);
}

void RecentList::leaveEvent(QEvent*)
{
    setCurrent(-1);
}

void RecentList::keyPressEvent(QKeyEvent* event)
{
    const int last = shownRows() - 1;
    if (event->key() == Qt::Key_Down)
        setCurrent(qMin(last, m_current + 1));
    else if (event->key() == Qt::Key_Up)
        setCurrent(qMax(0, m_current - 1));
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space) && m_current >= 0)
        Q_EMIT chosen(m_current);
    else
        QWidget::keyPressEvent(event);
}

void RecentList::focusInEvent(QFocusEvent*)
{
    if (m_current < 0 && !m_pairs.isEmpty())
        setCurrent(0);
    update();
}

void RecentList::focusOutEvent(QFocusEvent*)
{
    setCurrent(-1);
}

}
