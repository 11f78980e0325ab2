// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sides/headerbar.h"

#include "widgets/theme/colours.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

namespace widgets {

HeaderBar::HeaderBar(QWidget* parent, bool lineAbove) : QWidget(parent), m_row(new QHBoxLayout(this)), m_lineAbove(lineAbove)
{
    setFixedHeight(px(32));
    m_row->setContentsMargins(px(12), 0, px(6), 0);
    m_row->setSpacing(px(8));
}

void HeaderBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colours& set = colours(palette());
    painter.fillRect(rect(), set.win);
    painter.fillRect(QRect(0, height() - 1, width(), 1), set.hair);
    if (m_lineAbove)
        painter.fillRect(QRect(0, 0, width(), 1), set.hair);
}

QToolButton* iconButton(const QString& iconName, const QString& tip, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setAutoRaise(true);
    button->setIcon(icon(iconName));
    button->setIconSize(QSize(px(16), px(16)));
    button->setFixedSize(px(24), px(24));
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    return button;
}

QLabel* textLabel(const QString& text, QWidget* parent, double size, bool bold, bool secondary)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setFont(textFont(size, bold));
    if (secondary)
        label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

void groundAsPanel(QWidget* widget)
{
    widget->setBackgroundRole(QPalette::Base);
    widget->setAutoFillBackground(true);
}

}
