// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme/colours.h"

class QPainter;
class QRect;
class QStyleOption;
class QStyleOptionButton;
class QStyleOptionComboBox;
class QStyleOptionHeader;
class QStyleOptionSlider;
class QStyleOptionSpinBox;
class QStyleOptionToolButton;
class QWidget;

/// How Style draws each control.
namespace widgets::paint {

/// A filled rounded rectangle with a one pixel border inside `rect`; an invalid colour draws nothing.
void box(QPainter& painter, const QRect& rect, const QColor& fill, const QColor& border, double radius = 4);
void button(QPainter& painter, const QStyleOption& option, bool primary);
/// Icon and text in the middle, 6 px apart.
void buttonLabel(QPainter& painter, const QStyleOptionButton& option);
void toolButtonLabel(QPainter& painter, const QStyleOptionToolButton& option);
/// Flat until hovered; a part of a SegmentedSwitch is drawn by its place in it.
void toolButton(QPainter& painter, const QStyleOption& option, const QWidget* widget);
void lineEdit(QPainter& painter, const QStyleOption& option);
void checkBox(QPainter& painter, const QStyleOption& option);
void radioButton(QPainter& painter, const QStyleOption& option);
void comboBox(QPainter& painter, const QStyleOptionComboBox& option, const QRect& arrow);
void spinBox(QPainter& painter, const QStyleOptionSpinBox& option, const QRect& up, const QRect& down);
void slider(QPainter& painter, const QStyleOptionSlider& option, const QRect& groove, const QRect& handle);
void scrollBar(QPainter& painter, const QStyleOptionSlider& option, const QRect& handle);
void headerSection(QPainter& painter, const QStyleOption& option);
/// A section of a header with its text and, in the column that sorts, its arrow: up for ascending.
void header(QPainter& painter, const QStyleOptionHeader& option, const QRect& label);
void branch(QPainter& painter, const QStyleOption& option);

}
