// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/style.h"

#include "widgets/theme/icons.h"
#include "widgets/theme/paint.h"
#include "widgets/theme/type.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QEvent>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>
#include <QSlider>
#include <QStyleOption>

namespace widgets {

Style::Style() : QProxyStyle(QStringLiteral("fusion")) {}

void setSmall(QWidget* widget)
{
    widget->setProperty("small", true);
    widget->setFont(textFont(11));
}

bool isSmall(const QWidget* widget)
{
    return widget && widget->property("small").toBool();
}

void Style::polish(QWidget* widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton*>(widget) || qobject_cast<QComboBox*>(widget) || qobject_cast<QAbstractSpinBox*>(widget) ||
        qobject_cast<QScrollBar*>(widget) || qobject_cast<QSlider*>(widget))
        widget->setAttribute(Qt::WA_Hover);
    if (qobject_cast<QComboBox*>(widget) || qobject_cast<QAbstractSpinBox*>(widget) || qobject_cast<QSlider*>(widget)) {
        if (widget->focusPolicy() == Qt::WheelFocus)
            widget->setFocusPolicy(Qt::StrongFocus);
        widget->installEventFilter(this);
    }
}

/// The wheel over a control turns it only when it is the one that the person works with: it was meant for what scrolls around it.
bool Style::eventFilter(QObject* watched, QEvent* event)
{
    auto* widget = qobject_cast<QWidget*>(watched);
    if (event->type() != QEvent::Wheel || !widget || widget->hasFocus())
        return QProxyStyle::eventFilter(watched, event);
    event->ignore();
    return true;
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_ToolBarIconSize:
    case PM_ListViewIconSize:
        return px(16);
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return px(14);
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing:
        return px(8);
    case PM_ScrollBarExtent:
        return px(10);
    case PM_ScrollBarSliderMin:
        return px(24);
    case PM_SplitterWidth:
        return 1;
    case PM_TreeViewIndentation:
        return px(14);
    case PM_HeaderMargin:
        return px(8);
    case PM_HeaderMarkSize:
        return px(10);
    case PM_ToolBarItemSpacing:
        return px(8);
    case PM_ToolBarFrameWidth:
        return 0;
    case PM_ToolBarItemMargin:
        return px(6); // a chip of 32 makes a bar of 44
    case PM_ToolBarSeparatorExtent:
        return px(9);
    case PM_ToolTipLabelFrameWidth:
        return px(7);
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    case PM_MenuBarPanelWidth:
    case PM_MenuBarVMargin:
        return 0;
    case PM_SliderThickness:
    case PM_SliderControlThickness:
    case PM_SliderLength:
        return px(14);
    case PM_FocusFrameHMargin:
    case PM_FocusFrameVMargin:
        return 3;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int Style::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* data) const
{
    switch (hint) {
    case SH_ItemView_ShowDecorationSelected:
    case SH_Slider_AbsoluteSetButtons:
        return hint == SH_Slider_AbsoluteSetButtons ? int(Qt::LeftButton) : 1;
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
    case SH_ItemView_PaintAlternatingRowColorsForEmptyArea:
    case SH_ComboBox_Popup:
        return 0;
    case SH_ToolTipLabel_Opacity:
        return 255;
    case SH_FocusFrame_AboveWidget:
        return 1;
    case SH_FocusFrame_Mask:
        if (auto* mask = qstyleoption_cast<QStyleHintReturnMask*>(data); mask && option) {
            mask->region = QRegion(option->rect) - QRegion(option->rect.adjusted(3, 3, -3, -3));
            return 1;
        }
        return 0;
    default:
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const Colours& set = colours(option->palette);
    switch (element) {
    case PE_PanelButtonCommand: {
        const auto* asButton = qstyleoption_cast<const QStyleOptionButton*>(option);
        return paint::button(*painter, *option, asButton && asButton->features.testFlag(QStyleOptionButton::DefaultButton));
    }
    case PE_PanelButtonTool:
        return paint::toolButton(*painter, *option, widget);
    case PE_PanelLineEdit:
        if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option); frame && frame->lineWidth > 0)
            paint::lineEdit(*painter, *option);
        return;
    case PE_FrameLineEdit:
    case PE_FrameDefaultButton:
    case PE_FrameButtonTool:
    case PE_FrameStatusBarItem:
    case PE_PanelStatusBar:
        return;
    case PE_IndicatorCheckBox:
        return paint::checkBox(*painter, *option);
    case PE_IndicatorRadioButton:
        return paint::radioButton(*painter, *option);
    case PE_IndicatorBranch:
        return paint::branch(*painter, *option);
    case PE_PanelItemViewItem:
    case PE_PanelItemViewRow:
        if (widget && widget->property("paintsRows").toBool()) // hovering must not hide what is selected
            return;
        if (option->state.testFlag(State_Selected))
            painter->fillRect(option->rect, set.sel);
        else if (option->state.testFlag(State_MouseOver) && option->state.testFlag(State_Enabled))
            painter->fillRect(option->rect, set.hover);
        return;
    case PE_FrameFocusRect:
        if (qobject_cast<const QAbstractItemView*>(widget) && widget->window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
            painter->save();
            painter->setPen(QPen(set.blue, 2));
            painter->drawRect(QRectF(option->rect).adjusted(1, 1, -1, -1));
            painter->restore();
        }
        return;
    case PE_PanelTipLabel:
        painter->fillRect(option->rect, set.raise);
        return paint::box(*painter, option->rect, {}, set.ctl, 0);
    case PE_FrameMenu:
        return;
    case PE_PanelMenu:
        painter->fillRect(option->rect, set.raise);
        return paint::box(*painter, option->rect, {}, set.ctl, 0);
    case PE_Frame:
        return paint::box(*painter, option->rect, {}, set.hair, 0);
    case PE_IndicatorToolBarSeparator: {
        const QPoint middle = option->rect.center();
        const bool across = option->state.testFlag(State_Horizontal);
        painter->fillRect(across ? QRect(middle.x(), middle.y() - px(10), 1, px(20)) : QRect(middle.x() - px(10), middle.y(), px(20), 1),
                          set.hair);
        return;
    }
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void Style::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const Colours& set = colours(option->palette);
    switch (element) {
    case CE_FocusFrame:
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(set.blue, 2));
        painter->drawRoundedRect(QRectF(option->rect).adjusted(1, 1, -1, -1), 6, 6);
        painter->restore();
        return;
    case CE_HeaderSection:
        return paint::headerSection(*painter, *option);
    case CE_HeaderEmptyArea:
        return paint::headerSection(*painter, *option);
    case CE_Header: // whole, because the common style asks its own SE_HeaderLabel, which takes PM_HeaderMargin off the height as well
        if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option))
            return paint::header(*painter, *header, subElementRect(SE_HeaderLabel, header, widget));
        break;
    case CE_Splitter:
        painter->fillRect(option->rect, set.hair);
        return;
    case CE_ToolBar:
        painter->fillRect(option->rect, set.win);
        painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1), set.hair);
        return;
    case CE_MenuBarEmptyArea:
        painter->fillRect(option->rect, set.win);
        return;
    case CE_MenuBarItem:
        if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option)) {
            painter->fillRect(option->rect, set.win);
            if (item->state.testFlag(State_Selected))
                paint::box(*painter, item->rect.adjusted(0, 2, 0, -2), item->state.testFlag(State_Sunken) ? set.sel : set.hair, {});
            const int flags = Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextDontClip | Qt::TextSingleLine;
            drawItemText(painter, item->rect, flags, item->palette, item->state.testFlag(State_Enabled), item->text, QPalette::WindowText);
            return;
        }
        break;
    case CE_PushButtonLabel:
        if (const auto* asButton = qstyleoption_cast<const QStyleOptionButton*>(option))
            return paint::buttonLabel(*painter, *asButton);
        break;
    case CE_ToolButtonLabel:
        if (const auto* tool = qstyleoption_cast<const QStyleOptionToolButton*>(option);
            tool && tool->toolButtonStyle == Qt::ToolButtonTextBesideIcon)
            return paint::toolButtonLabel(*painter, *tool);
        break;
    default:
        break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    const auto part = [&](SubControl which) { return subControlRect(control, option, which, widget); };
    if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option); combo && control == CC_ComboBox)
        return paint::comboBox(*painter, *combo, part(SC_ComboBoxArrow));
    if (const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option); spin && control == CC_SpinBox)
        return paint::spinBox(*painter, *spin, part(SC_SpinBoxUp), part(SC_SpinBoxDown));
    if (const auto* range = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
        if (control == CC_Slider)
            return paint::slider(*painter, *range, part(SC_SliderGroove), part(SC_SliderHandle));
        if (control == CC_ScrollBar)
            return paint::scrollBar(*painter, *range, part(SC_ScrollBarSlider));
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

}
