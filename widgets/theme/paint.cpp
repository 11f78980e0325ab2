// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/paint.h"

#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyleOption>
#include <QWidget>

namespace widgets::paint {

namespace {

bool has(const QStyleOption& option, QStyle::StateFlag flag)
{
    return option.state.testFlag(flag);
}

/// Restores the painter, and dims all that is drawn for a disabled control.
class Scope
{
public:
    Scope(QPainter& painter, const QStyleOption& option) : m_painter(painter)
    {
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        if (!has(option, QStyle::State_Enabled))
            painter.setOpacity(painter.opacity() * disabledOpacity);
    }
    ~Scope() { m_painter.restore(); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

private:
    QPainter& m_painter;
};

QRectF centred(const QRect& rect, double size)
{
    const QPointF middle = QRectF(rect).center();
    return {middle.x() - size / 2, middle.y() - size / 2, size, size};
}

/// Rounded at the outer ends of a row of segments only.
QPainterPath segmentShape(const QRectF& rect, bool first, bool last)
{
    constexpr double radius = 3;
    QPainterPath path;
    path.setFillRule(Qt::WindingFill);
    path.addRoundedRect(rect, radius, radius);
    if (!first)
        path.addRect(QRectF(rect.topLeft(), QSizeF(radius, rect.height())));
    if (!last)
        path.addRect(QRectF(rect.right() - radius, rect.top(), radius, rect.height()));
    return path;
}

void label(QPainter& painter, const QStyleOption& option, const QIcon& picture, const QSize& iconSize, const QString& text,
           const QColor& colour)
{
    const QFontMetrics metrics = painter.fontMetrics();
    const int flags = Qt::AlignVCenter | Qt::TextShowMnemonic | Qt::TextSingleLine;
    const int gap = picture.isNull() || text.isEmpty() ? 0 : px(6);
    const int iconWidth = picture.isNull() ? 0 : iconSize.width();
    const int room = option.rect.width() - iconWidth - gap;
    const int textWidth = qMin(room, metrics.size(Qt::TextShowMnemonic, text).width());
    int left = option.rect.left() + qMax(0, option.rect.width() - iconWidth - gap - textWidth) / 2;
    const QIcon::Mode mode = has(option, QStyle::State_Enabled) ? QIcon::Normal : QIcon::Disabled;
    if (!picture.isNull()) {
        const int top = option.rect.top() + (option.rect.height() - iconSize.height()) / 2;
        picture.paint(&painter, QRect(QPoint(left, top), iconSize), Qt::AlignCenter, mode,
                      has(option, QStyle::State_On) ? QIcon::On : QIcon::Off);
        left += iconWidth + gap;
    }
    painter.setPen(colour);
    painter.drawText(QRect(left, option.rect.top(), textWidth + 1, option.rect.height()), flags, text);
}

void segment(QPainter& painter, const QStyleOption& option, const QString& place)
{
    const Colours& set = colours(option.palette);
    const bool first = place == QLatin1String("first") || place == QLatin1String("only");
    const bool last = place == QLatin1String("last") || place == QLatin1String("only");
    QRectF rect(option.rect);
    rect.adjust(first ? 1 : 0, 1, last ? -1 : 0, -1);
    const bool on = has(option, QStyle::State_On);
    painter.setPen(Qt::NoPen);
    painter.setBrush(on ? set.sel : has(option, QStyle::State_MouseOver) || has(option, QStyle::State_Sunken) ? set.hover : set.raise);
    painter.drawPath(segmentShape(rect, first, last));
    if (!first)
        painter.fillRect(QRectF(rect.left(), rect.top(), 1, rect.height()), set.hair);
}

}

void box(QPainter& painter, const QRect& rect, const QColor& fill, const QColor& border, double radius)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(border.isValid() ? QPen(border, 1) : QPen(Qt::NoPen));
    painter.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    const double inset = border.isValid() ? 0.5 : 0;
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset);
    painter.restore();
}

void button(QPainter& painter, const QStyleOption& option, bool primary)
{
    const Scope scope(painter, option);
    const Colours& set = colours(option.palette);
    const bool down = has(option, QStyle::State_Sunken) || has(option, QStyle::State_On);
    const bool over = has(option, QStyle::State_MouseOver) && has(option, QStyle::State_Enabled);
    if (primary) {
        const QColor fill = down ? set.blue.darker(115) : over ? set.blue.darker(107) : set.blue;
        box(painter, option.rect, fill, {});
        return;
    }
    box(painter, option.rect, down ? set.sel : over ? set.hover : set.raise, set.ctl);
}

void buttonLabel(QPainter& painter, const QStyleOptionButton& option)
{
    const Colours& set = colours(option.palette);
    const bool primary = option.features.testFlag(QStyleOptionButton::DefaultButton);
    const QColor colour = primary ? set.onBlue : set.text;
    label(painter, option, option.icon, option.iconSize, option.text,
          has(option, QStyle::State_Enabled) ? colour : faded(colour, disabledOpacity));
}

void toolButtonLabel(QPainter& painter, const QStyleOptionToolButton& option)
{
    const Colours& set = colours(option.palette);
    painter.setFont(option.font);
    label(painter, option, option.icon, option.iconSize, option.text,
          has(option, QStyle::State_Enabled) ? set.text : faded(set.text, disabledOpacity));
}

void toolButton(QPainter& painter, const QStyleOption& option, const QWidget* widget)
{
    const Scope scope(painter, option);
    const QString place = widget ? widget->property("segment").toString() : QString();
    if (!place.isEmpty())
        return segment(painter, option, place);
    const Colours& set = colours(option.palette);
    if (has(option, QStyle::State_On) || has(option, QStyle::State_Sunken))
        box(painter, option.rect, set.sel, {});
    else if (has(option, QStyle::State_MouseOver) && has(option, QStyle::State_Enabled))
        box(painter, option.rect, set.dark ? set.raise : set.hair, {});
}

void lineEdit(QPainter& painter, const QStyleOption& option)
{
    const Scope scope(painter, option);
    const Colours& set = colours(option.palette);
    box(painter, option.rect, set.raise, set.ctl);
}

void checkBox(QPainter& painter, const QStyleOption& option)
{
    const Scope scope(painter, option);
    const Colours& set = colours(option.palette);
    const bool over = has(option, QStyle::State_MouseOver) && has(option, QStyle::State_Enabled);
    box(painter, option.rect, over ? set.hover : set.raise, set.ctl, 2);
    if (has(option, QStyle::State_On))
        paintIcon(painter, centred(option.rect, option.rect.width() - 2), QStringLiteral("check"), set.blue, 3);
    else if (has(option, QStyle::State_NoChange))
        painter.fillRect(centred(option.rect, option.rect.width() - 8), set.blue);
}

void radioButton(QPainter& painter, const QStyleOption& option)
{
    const Scope scope(painter, option);
    const Colours& set = colours(option.palette);
    const bool on = has(option, QStyle::State_On);
    const bool over = has(option, QStyle::State_MouseOver) && has(option, QStyle::State_Enabled);
    const double width = on ? option.rect.width() * 4.0 / 14 : 1;
    painter.setPen(QPen(on ? set.blue : set.ctl, width));
    painter.setBrush(over && !on ? set.hover : set.raise);
    painter.drawEllipse(QRectF(option.rect).adjusted(width / 2, width / 2, -width / 2, -width / 2));
}

void comboBox(QPainter& painter, const QStyleOptionComboBox& option, const QRect& arrow)
{
    const Scope scope(painter, option);
    const Colours& set = colours(option.palette);
    const bool over = has(option, QStyle::State_MouseOver) && has(option, QStyle::State_Enabled);
    if (option.frame)
        box(painter, option.rect, over && !option.editable ? set.hover : set.raise, set.ctl);
    paintIcon(painter, centred(arrow, px(16)), QStringLiteral("down"), set.text2);
}

void spinBox(QPainter& painter, const QStyleOptionSpinBox& option, const QRect& up, const QRect& down)
{
    const Scope scope(painter, option);
    const Colours& set = colours(option.palette);
    if (option.frame)
        box(painter, option.rect, set.raise, set.ctl);
    if (option.buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    const auto step = [&](const QRect& rect, const QAbstractSpinBox::StepEnabledFlag flag, bool upwards) {
        painter.save();
        const QPointF middle = QRectF(rect).center();
        painter.translate(middle);
        if (upwards)
            painter.rotate(180);
        const QColor colour = option.stepEnabled.testFlag(flag) ? set.text2 : faded(set.text2, disabledOpacity);
        const double size = px(12);
        paintIcon(painter, QRectF(-size / 2, -size / 2, size, size), QStringLiteral("down"), colour, 2);
        painter.restore();
    };
    step(up, QAbstractSpinBox::StepUpEnabled, true);
    step(down, QAbstractSpinBox::StepDownEnabled, false);
}

void slider(QPainter& painter, const QStyleOptionSlider& option, const QRect& groove, const QRect& handle)
{
    const Scope scope(painter, option);
    const Colours& set = colours(option.palette);
    const bool across = option.orientation == Qt::Horizontal;
    QRectF line(groove);
    const QPointF middle = QRectF(handle).center();
    QRectF done = line;
    if (across) {
        line = QRectF(line.left(), middle.y() - 2, line.width(), 4);
        done = QRectF(line.left(), line.top(), middle.x() - line.left(), 4);
    } else {
        line = QRectF(middle.x() - 2, line.top(), 4, line.height());
        done = QRectF(line.left(), middle.y(), 4, line.bottom() - middle.y());
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(set.hair);
    painter.drawRoundedRect(line, 2, 2);
    painter.setBrush(set.blue);
    painter.drawRoundedRect(done, 2, 2);
    painter.setPen(QPen(set.ctl, 1));
    painter.setBrush(set.raise);
    painter.drawEllipse(centred(handle, px(12) - 1));
}

void scrollBar(QPainter& painter, const QStyleOptionSlider& option, const QRect& handle)
{
    const Scope scope(painter, option);
    const Colours& set = colours(option.palette);
    if (option.minimum == option.maximum)
        return;
    const bool strong = option.state.testFlag(QStyle::State_MouseOver) || option.state.testFlag(QStyle::State_Sunken);
    QRectF bar = QRectF(handle).adjusted(2, 2, -2, -2);
    const double radius = qMin(bar.width(), bar.height()) / 2;
    painter.setPen(Qt::NoPen);
    painter.setBrush(strong ? set.ctl : faded(set.ctl, 0.7));
    painter.drawRoundedRect(bar, radius, radius);
}

void headerSection(QPainter& painter, const QStyleOption& option)
{
    const Colours& set = colours(option.palette);
    painter.fillRect(option.rect, set.panel);
    const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(&option);
    if (!header || header->orientation == Qt::Horizontal) // numbers of rows stand on the table's own ground
        painter.fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), set.hair);
}

void header(QPainter& painter, const QStyleOptionHeader& option, const QRect& label)
{
    const Colours& set = colours(option.palette);
    painter.save();
    painter.setClipRect(option.rect, Qt::IntersectClip);
    headerSection(painter, option);
    painter.setPen(set.text2);
    const bool across = option.orientation == Qt::Horizontal;
    const QRect text = across ? label : QRect(0, option.rect.top(), label.right(), option.rect.height());
    const QString words = painter.fontMetrics().elidedText(option.text, Qt::ElideRight, text.width());
    painter.drawText(text, int(option.textAlignment) | Qt::TextSingleLine, words);
    if (across && option.sortIndicator != QStyleOptionHeader::None) {
        const QRect arrow(option.rect.right() + 1 - px(4 + 10), option.rect.top() + (option.rect.height() - 1 - px(10)) / 2, px(10),
                          px(10));
        if (option.sortIndicator ==
            QStyleOptionHeader::SortDown) { // Qt's word for an ascending order, whose arrow points up in this program
            painter.translate(arrow.center() + QPointF(0.5, 0.5));
            painter.rotate(180);
            painter.translate(-arrow.center() - QPointF(0.5, 0.5));
        }
        paintIcon(painter, arrow, QStringLiteral("down"), set.text, 2);
    }
    painter.restore();
}

void branch(QPainter& painter, const QStyleOption& option)
{
    if (!has(option, QStyle::State_Children))
        return;
    const Scope scope(painter, option);
    const QString name = has(option, QStyle::State_Open) ? QStringLiteral("down") : QStringLiteral("right");
    paintIcon(painter, centred(option.rect, px(12)), name, colours(option.palette).text2, 2);
}

}
