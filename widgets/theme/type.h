// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>

namespace widgets {

/// How much larger the desktop's font is than the 12 px that all sizes are drawn for.
double textScale();
/// A length of the design, scaled with the desktop's font.
int px(double length);
/// The application's font at one of the design's sizes: 22 titles, 15 verdict, 13 headings, 12 text, 11 column heads, 10 tile numbers.
QFont textFont(double size = 12, bool bold = false);
/// The system's fixed-width font.
QFont fixedFont(double size = 11);

}
