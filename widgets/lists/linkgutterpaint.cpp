// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lists/layertree.h"
#include "widgets/lists/linkgutter.h"
#include "widgets/lists/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/paint.h"
#include "widgets/theme/type.h"

#include <QPainter>

#include <algorithm>

namespace widgets {

void LinkGutter::paintEvent(QPaintEvent*)
{
    const Colours& set = colours(palette());
    QPainter painter(this);
    painter.fillRect(rect(), set.panel);
    paintHead(painter, set);
    if (!m_note.isEmpty()) {
        painter.setFont(textFont());
        painter.setPen(set.text2);
        painter.drawText(body().adjusted(px(8), -px(14), -px(8), 0), int(Qt::AlignHCenter | Qt::AlignTop) | Qt::TextWordWrap, m_note);
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipRect(body());
    paintLinks(painter, set);
    paintMateless(painter, set);
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        painter.setPen(QPen(set.blue, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(body()).adjusted(1, 1, -1, -1));
    }
}

void LinkGutter::paintHead(QPainter& painter, const Colours& set) const
{
    const int head = px(32), columns = px(22);
    painter.fillRect(QRect(0, 0, width(), head), set.win);
    painter.fillRect(QRect(0, head - 1, width(), 1), set.hair);
    painter.setFont(textFont(12, true));
    painter.setPen(set.text);
    painter.drawText(QRect(px(8), 0, width() - px(16), head - 1), Qt::AlignLeft | Qt::AlignVCenter, tr("Mapping"));
    if (!m_note.isEmpty())
        return;
    painter.fillRect(QRect(0, head + columns - 1, width(), 1), set.hair);
    painter.setFont(textFont(11));
    painter.setPen(set.text2);
    painter.drawText(QRect(0, head, width(), columns - 1), Qt::AlignCenter, tr("weight layout"));

    const auto count = [&](Ribbon::Kind kind) {
        return std::count_if(m_ribbons.begin(), m_ribbons.end(), [&](const Ribbon& ribbon) { return ribbon.kind == kind; });
    };
    const QRect right(px(8), 0, width() - px(16), head - 1);
    if (const auto open = count(Ribbon::Kind::Ambiguous); open > 0) {
        const QString text = QString::number(open);
        painter.setPen(set.amber);
        painter.drawText(right, Qt::AlignRight | Qt::AlignVCenter, text);
        const double size = px(13);
        const double left = right.right() - painter.fontMetrics().horizontalAdvance(text) - size - px(2);
        paintIcon(painter, QRectF(left, (head - size) / 2, size, size), QStringLiteral("question"), set.amber, 2);
    } else if (!m_ribbons.isEmpty()) {
        const auto good = count(Ribbon::Kind::Auto) + count(Ribbon::Kind::Manual);
        const QString all = countText(m_ribbons.size());
        const int title = QFontMetrics(textFont(12, true)).horizontalAdvance(tr("Mapping")) + px(8);
        QString text = good < m_ribbons.size() ? tr("%1 of %2").arg(countText(good), all)
                       : good == 1             ? tr("1 link")
                                               : tr("%1 links").arg(all);
        if (painter.fontMetrics().horizontalAdvance(text) > right.width() - title)
            text = good < m_ribbons.size() ? countText(good) : all;
        painter.drawText(right, Qt::AlignRight | Qt::AlignVCenter, text);
    }
}

void LinkGutter::paintLinks(QPainter& painter, const Colours& set) const
{
    const auto emphasis = [&](int i) { return i == m_chosen ? Emphasis::Chosen : i == m_hovered ? Emphasis::Hovered : Emphasis::None; };
    QList<int> order;
    for (int i = 0; i < shapes().size(); ++i)
        if (!shapes()[i].band.isEmpty())
            order << i;
    // What is chosen lies on top, and its badge wins where badges would cover each other.
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return emphasis(a) < emphasis(b); });
    for (const int i : order)
        paintBand(painter, m_ribbons[i], shapes()[i], emphasis(i), set);
    constexpr double slack = 2; // neighbours of rows 20 px high may touch
    QList<QRectF> taken;
    for (auto it = order.rbegin(); it != order.rend(); ++it) {
        const QRectF& rect = shapes()[*it].badge;
        const bool free = std::none_of(taken.begin(), taken.end(),
                                       [&](const QRectF& other) { return other.intersects(rect.adjusted(0, slack, 0, -slack)); });
        if (!free)
            continue;
        taken << rect;
        paintBadge(painter, m_ribbons[*it], shapes()[*it], emphasis(*it), set);
    }
}

/// The chosen layer's row without a mate says so.
void LinkGutter::paintMateless(QPainter& painter, const Colours& set) const
{
    if (m_layer.isEmpty() || m_chosen >= 0 || m_ribbons.isEmpty())
        return;
    const auto row = span(m_layerOnLeft ? m_left : m_right, {m_layer});
    if (!row)
        return;
    Ribbon none;
    none.badge = tr("no mate");
    Ends ends;
    (m_layerOnLeft ? ends.left : ends.right) = row;
    const RibbonShape shape = shapeOf(none, ends, width());
    painter.setPen(QPen(set.link, 1));
    const double y = (row->top + row->bottom) / 2;
    painter.drawLine(QPointF(m_layerOnLeft ? 0 : width(), y), QPointF(shape.badge.center().x(), y));
    paintBadge(painter, none, shape, Emphasis::None, set);
}

}
