// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sides/sidelabel.h"

#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QPainter>

namespace widgets {
namespace {

constexpr int markSize = 10, markGap = 6;

SideName named(core::Framework framework)
{
    const auto title = core::title(framework);
    const auto shortName = core::name(framework);
    return {framework, QString::fromUtf8(title.data(), static_cast<qsizetype>(title.size())),
            QString::fromUtf8(shortName.data(), static_cast<qsizetype>(shortName.size()))};
}

core::Framework otherThan(core::Framework framework)
{
    return framework == core::Framework::Torch ? core::Framework::Keras : core::Framework::Torch;
}

}

std::array<SideName, 2> sideNames(core::Framework left, core::Framework right)
{
    if (left == core::Framework::None)
        left = right == core::Framework::None ? core::Framework::Torch : otherThan(right);
    if (right == core::Framework::None)
        right = otherThan(left);
    std::array<SideName, 2> names = {named(left), named(right)};
    if (left == right) {
        names[0].title = QObject::tr("Left"); // the mark tells the framework, the list's head the file
        names[1].title = QObject::tr("Right");
        names[0].shortName = QObject::tr("left");
        names[1].shortName = QObject::tr("right");
    }
    return names;
}

SideLabel::SideLabel(QWidget* parent, double textSize, bool bold) : QWidget(parent), m_textSize(textSize), m_bold(bold)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void SideLabel::setSide(core::Framework framework, const QString& text)
{
    m_framework = framework;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void SideLabel::setDetail(const QString& detail)
{
    m_detail = detail;
    updateGeometry();
    update();
}

QSize SideLabel::sizeHint() const
{
    const QFontMetrics text(textFont(m_textSize, m_bold)), detail(textFont(m_textSize));
    int width = px(markSize + markGap) + text.horizontalAdvance(m_text);
    if (!m_detail.isEmpty())
        width += px(markGap) + detail.horizontalAdvance(m_detail);
    return {width + 1, qMax(text.height(), px(16))};
}

QSize SideLabel::minimumSizeHint() const
{
    return {px(40), sizeHint().height()};
}

void SideLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colours& set = colours(palette());
    paintMark(painter, QRectF(0, (height() - px(markSize)) / 2, px(markSize), px(markSize)), m_framework, set);
    QRect rest = rect().adjusted(px(markSize + markGap), 0, 0, 0);
    const QFont font = textFont(m_textSize, m_bold);
    painter.setFont(font);
    painter.setPen(set.text);
    const QString shown = QFontMetrics(font).elidedText(m_text, Qt::ElideRight, rest.width());
    painter.drawText(rest, Qt::AlignVCenter | Qt::AlignLeft, shown);
    if (m_detail.isEmpty())
        return;
    rest.adjust(QFontMetrics(font).horizontalAdvance(shown) + px(markGap), 0, 0, 0);
    const QFont light = textFont(m_textSize);
    painter.setFont(light);
    painter.setPen(set.text2);
    painter.drawText(rest, Qt::AlignVCenter | Qt::AlignLeft, QFontMetrics(light).elidedText(m_detail, Qt::ElideRight, rest.width()));
}

}
