// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/heatmap/hovertip.h"

#include "widgets/theme/paint.h"
#include "widgets/theme/type.h"

#include <QPainter>

namespace widgets {
namespace {

constexpr int line = 16, padX = 8, padY = 6, gap = 12, fromPointer = 16;

}

HoverTip::HoverTip(QWidget* parent) : QWidget(parent)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void HoverTip::setRows(const QString& title, Rows rows)
{
    m_title = title;
    m_rows = std::move(rows);
    const QFontMetrics plain(textFont()), bold(textFont(12, true));
    m_nameWidth = 0;
    int values = 0;
    for (const auto& [name, value] : m_rows) {
        m_nameWidth = qMax(m_nameWidth, plain.horizontalAdvance(name));
        values = qMax(values, bold.horizontalAdvance(value));
    }
    const int inner = qMax(plain.horizontalAdvance(m_title), m_nameWidth + px(gap) + values);
    resize(inner + 2 * px(padX) + 2, px(line) * (static_cast<int>(m_rows.size()) + 1) + 2 * px(padY) + 2);
    update();
}

void HoverTip::showAt(QPoint point)
{
    const QRect room = parentWidget()->rect();
    int x = point.x() + px(fromPointer), y = point.y() + px(fromPointer) / 2;
    if (x + width() > room.right() - 4)
        x = point.x() - px(fromPointer) - width();
    if (y + height() > room.bottom() - 4)
        y = point.y() - px(fromPointer) / 2 - height();
    move(qMax(0, x), qMax(0, y));
    raise();
    show();
}

void HoverTip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colours& set = colours(palette());
    paint::box(painter, rect(), set.raise, set.ctl);
    QRect row(px(padX) + 1, px(padY) + 1, width() - 2 * px(padX) - 2, px(line));
    painter.setFont(textFont());
    painter.setPen(set.text2);
    painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, m_title);
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        row.translate(0, px(line));
        painter.setFont(textFont());
        painter.setPen(set.text);
        painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, m_rows[i].first);
        painter.setFont(textFont(12, i + 1 == m_rows.size()));
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, m_rows[i].second);
    }
}

}
