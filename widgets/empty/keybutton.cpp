// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/empty/keybutton.h"

#include "widgets/theme/colours.h"
#include "widgets/theme/paint.h"
#include "widgets/theme/type.h"

#include <QPainter>
#include <QStyleOptionButton>
#include <QStylePainter>

namespace widgets {

namespace {

int capWidth(const QString& key)
{
    return key.isEmpty() ? 0 : QFontMetrics(textFont(11)).horizontalAdvance(key) + px(10);
}

}

void KeyButton::setKey(const QString& key)
{
    m_key = key;
    updateGeometry();
    update();
}

QSize KeyButton::sizeHint() const
{
    const QSize size = QPushButton::sizeHint();
    return m_key.isEmpty() ? size : size + QSize(capWidth(m_key) + px(10), 0);
}

void KeyButton::paintEvent(QPaintEvent* event)
{
    if (m_key.isEmpty())
        return QPushButton::paintEvent(event);
    QStyleOptionButton option;
    initStyleOption(&option);
    QStylePainter painter(this);
    painter.drawControl(QStyle::CE_PushButtonBevel, option);
    const int cap = capWidth(m_key);
    option.rect.setRight(option.rect.right() - cap - px(10));
    painter.drawControl(QStyle::CE_PushButtonLabel, option);

    const Colours& set = colours(palette());
    const int height16 = px(16);
    const QRect box(width() - px(10) - cap, (height() - height16) / 2, cap, height16);
    painter.setOpacity(isEnabled() ? 1 : disabledOpacity);
    paint::box(painter, box, set.panel, set.hair, 2);
    painter.setFont(textFont(11));
    painter.setPen(set.text);
    painter.drawText(box, Qt::AlignCenter, m_key);
}

}
