// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/empty/droparea.h"

#include "widgets/empty/keybutton.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QPainter>

namespace widgets {

namespace {

constexpr int iconSize = 32, titleHeight = 20, patternsHeight = 16, buttonHeight = 28;
constexpr int invitationHeight = iconSize + 10 + titleHeight + 2 + patternsHeight + 14 + buttonHeight;

}

DropArea::DropArea(QWidget* parent) : QWidget(parent), m_button(new KeyButton(this))
{
    m_button->setIcon(icon(QStringLiteral("open"), &Colours::text));
    m_button->hide();
    connect(m_button, &QPushButton::clicked, this, &DropArea::openRequested);
}

void DropArea::setInvitation(core::Framework framework, const QString& title, const QString& patterns, const QString& button,
                             const QString& shortcut)
{
    m_framework = framework;
    m_title = title;
    m_patterns = patterns;
    m_note.clear();
    static_cast<KeyButton*>(m_button)->setKey(shortcut);
    m_button->setText(button);
    m_button->show();
    setAccessibleName(title);
    resizeEvent(nullptr);
    update();
}

void DropArea::setNote(const QString& text)
{
    m_note = text;
    m_button->hide();
    setAccessibleName(text);
    update();
}

void DropArea::setTarget(bool on)
{
    m_target = on;
    update();
}

void DropArea::resizeEvent(QResizeEvent*)
{
    const QSize size = m_button->sizeHint();
    const int top = (height() - px(invitationHeight)) / 2 + px(invitationHeight - buttonHeight);
    m_button->setGeometry((width() - size.width()) / 2, top, size.width(), size.height());
}

void DropArea::paintEvent(QPaintEvent*)
{
    const Colours& set = colours(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(m_target ? set.blue : set.ctl, 1.5, Qt::SolidLine, Qt::FlatCap);
    pen.setDashPattern({2, 2});
    painter.setPen(pen);
    painter.setBrush(m_target ? set.sel : set.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), 8, 8);

    const auto line = [&](int top, int height, const QString& text, const QFont& font, const QColor& colour, int shift = 0) {
        painter.setFont(font);
        painter.setPen(colour);
        const QRect rect(px(12) + shift, top, width() - px(24), height);
        const QString elided = painter.fontMetrics().elidedText(text, Qt::ElideRight, rect.width() - shift);
        painter.drawText(rect, Qt::AlignCenter | Qt::TextSingleLine, elided);
        return (width() - painter.fontMetrics().horizontalAdvance(elided)) / 2 + shift;
    };
    if (!m_note.isEmpty()) {
        line(0, height(), m_note, textFont(), set.text2);
        return;
    }
    int y = (height() - px(invitationHeight)) / 2;
    paintIcon(painter, QRectF((width() - px(iconSize)) / 2.0, y, px(iconSize), px(iconSize)), QStringLiteral("file"), set.text2, 1);
    y += px(iconSize + 10);
    const bool marked = m_framework != core::Framework::None;
    const int left = line(y, px(titleHeight), m_title, textFont(13, true), set.text, marked ? px(9) : 0);
    paintMark(painter, QRectF(left - px(18), y + (px(titleHeight) - px(10)) / 2, px(10), px(10)), m_framework, set);
    y += px(titleHeight + 2);
    line(y, px(patternsHeight), m_patterns, textFont(), set.text2);
}

QSize DropArea::sizeHint() const
{
    return {px(432), px(208)};
}

QSize DropArea::minimumSizeHint() const
{
    return {px(120), m_note.isEmpty() ? px(invitationHeight + 16) : px(48)};
}

}
