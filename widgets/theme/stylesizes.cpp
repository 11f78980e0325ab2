// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/style.h"
#include "widgets/theme/type.h"

#include <QFontMetrics>
#include <QStyleOption>

namespace widgets {

namespace {

int controlHeight(const QWidget* widget)
{
    return px(isSmall(widget) ? 22 : 28);
}

/// Wide enough for bold text, so that a segment that is switched on does not grow.
int segmentWidth(const QStyleOptionToolButton& button, const QWidget* widget)
{
    QFont bold = button.font;
    bold.setBold(true);
    return QFontMetrics(bold).horizontalAdvance(button.text) + 2 * px(isSmall(widget) ? 8 : 12) + 1;
}

QSize toolButtonSize(const QStyleOptionToolButton& button, const QWidget* widget)
{
    if (widget && widget->property("segment").isValid())
        return {segmentWidth(button, widget), controlHeight(widget)};
    if (button.toolButtonStyle == Qt::ToolButtonIconOnly || button.text.isEmpty())
        return {px(24), px(24)};
    const int text = button.fontMetrics.size(Qt::TextShowMnemonic, button.text).width();
    const int picture = button.icon.isNull() || button.toolButtonStyle == Qt::ToolButtonTextOnly ? 0 : button.iconSize.width() + px(6);
    const int menu = button.features.testFlag(QStyleOptionToolButton::HasMenu) ? px(16) : 0;
    return {text + picture + menu + 2 * px(isSmall(widget) ? 8 : 10), controlHeight(widget)};
}

}

QSize Style::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size, const QWidget* widget) const
{
    switch (type) {
    case CT_PushButton: {
        const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
        const int icon = button && !button->icon.isNull() && !button->text.isEmpty() ? px(2) : 0; // Qt leaves 4 between icon and text
        return {size.width() + icon + 2 * px(isSmall(widget) ? 8 : 10), controlHeight(widget)};
    }
    case CT_ToolButton:
        if (const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option))
            return toolButtonSize(*button, widget);
        break;
    case CT_ComboBox:
        return {size.width() + px(8 + 6 + 4 + 16 + 4), controlHeight(widget)};
    case CT_LineEdit:
        if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option); frame && frame->lineWidth > 0)
            return {size.width() + px(8), controlHeight(widget)};
        break;
    case CT_SpinBox:
        return {size.width() + px(24), controlHeight(widget)};
    case CT_HeaderSection:
        return {QProxyStyle::sizeFromContents(type, option, size, widget).width(), px(22)};
    case CT_MenuBarItem:
        return {size.width() + 2 * px(8), px(26)};
    default:
        break;
    }
    return QProxyStyle::sizeFromContents(type, option, size, widget);
}

QRect Style::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part, const QWidget* widget) const
{
    const QRect& whole = option->rect;
    if (control == CC_ComboBox && (part == SC_ComboBoxArrow || part == SC_ComboBoxEditField)) {
        const int arrow = px(16 + 4 + 4);
        QRect rect = part == SC_ComboBoxArrow
                         ? QRect(whole.right() + 1 - arrow, whole.top(), arrow, whole.height())
                         : QRect(whole.left() + px(7), whole.top() + 1, whole.width() - arrow - px(7), whole.height() - 2);
        return visualRect(option->direction, whole, rect);
    }
    if (control == CC_SpinBox) {
        const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
        const bool buttons = spin && spin->buttonSymbols != QAbstractSpinBox::NoButtons;
        const int width = buttons ? px(18) : 0;
        const int half = whole.height() / 2;
        const int left = whole.right() - width;
        if (part == SC_SpinBoxUp || part == SC_SpinBoxDown)
            return visualRect(option->direction, whole,
                              QRect(left, part == SC_SpinBoxUp ? whole.top() + 1 : whole.top() + half, width, half - 1));
        if (part == SC_SpinBoxEditField)
            return visualRect(option->direction, whole,
                              QRect(whole.left() + 4, whole.top() + 1, whole.width() - width - 8, whole.height() - 2));
    }
    if (control == CC_ScrollBar) {
        // No arrows: the groove is the whole bar.
        const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
        if (!bar || part == SC_ScrollBarAddLine || part == SC_ScrollBarSubLine)
            return {};
        const bool across = bar->orientation == Qt::Horizontal;
        const int length = across ? whole.width() : whole.height();
        const qint64 range = qint64(bar->maximum) - bar->minimum;
        const int handle = range <= 0 ? length
                                      : qBound(qMin(length, pixelMetric(PM_ScrollBarSliderMin, bar, widget)),
                                               int(qint64(length) * bar->pageStep / qMax<qint64>(1, range + bar->pageStep)), length);
        const int start = sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition, length - handle, bar->upsideDown);
        const auto stretch = [&](int from, int to) {
            return across ? QRect(whole.left() + from, whole.top(), to - from, whole.height())
                          : QRect(whole.left(), whole.top() + from, whole.width(), to - from);
        };
        switch (part) {
        case SC_ScrollBarGroove:
            return whole;
        case SC_ScrollBarSlider:
            return stretch(start, start + handle);
        case SC_ScrollBarSubPage:
            return stretch(0, start);
        case SC_ScrollBarAddPage:
            return stretch(start + handle, length);
        default:
            return {};
        }
    }
    return QProxyStyle::subControlRect(control, option, part, widget);
}

QRect Style::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const
{
    if (element == SE_LineEditContents) {
        if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option); frame && frame->lineWidth > 0)
            return option->rect.adjusted(px(4), 1, -px(4), -1);
    }
    if (element == SE_HeaderLabel) {
        const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option);
        const bool sorted = header && header->sortIndicator != QStyleOptionHeader::None;
        return option->rect.adjusted(px(8), 0, sorted ? -px(4 + 10 + 2) : -px(8), -1);
    }
    return QProxyStyle::subElementRect(element, option, widget);
}

}
