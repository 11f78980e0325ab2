// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <QColor>
#include <QPalette>

namespace widgets {

/// Every colour of the program, by what it is for. There are two sets; a view asks colours(palette()) when it paints, so
/// that a change of theme reaches it as an ordinary palette change.
struct Colours
{
    bool dark = false;
    QColor win, panel, raise; ///< chrome and headers; lists and plots; controls and tooltips
    QColor hair, ctl, hover;  ///< separators, borders of controls, what the pointer is over
    QColor text, text2;       ///< primary and secondary text
    QColor blue, onBlue, sel; ///< the person's own: focus, primary button and its text, selection
    QColor torch, keras;      ///< marks of the frameworks
    QColor green, red, amber; ///< text and marks of judgements
    QColor amberMark;         ///< amber lines, where text is not concerned
    QColor greenGround, redGround, amberGround;
    QColor link, bar;
    QColor chipGreen, chipRed, chipAmber, chipText, chipAmberText;
};

const Colours& lightColours();
const Colours& darkColours();
/// The set that a palette was made from, or the one nearer to a foreign palette.
const Colours& colours(const QPalette& palette);
/// Whether text is lighter than its ground.
bool isDark(const QPalette& palette);
QPalette paletteOf(const Colours& colours);

/// The framework's colour; secondary text for none.
QColor markColour(const Colours& colours, core::Framework framework);

/// `colour` at `opacity` (0..1) of its own.
QColor faded(QColor colour, double opacity);
/// How much of a disabled control, or of a verdict that is being computed anew, remains.
constexpr double disabledOpacity = 0.42;

}
