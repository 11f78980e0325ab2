// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/type.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontInfo>

namespace widgets {

double textScale()
{
    const int size = QFontInfo(QApplication::font()).pixelSize();
    return size > 0 ? size / 12.0 : 1.0;
}

int px(double length)
{
    return qRound(length * textScale());
}

QFont textFont(double size, bool bold)
{
    QFont font = QApplication::font();
    font.setPixelSize(qMax(1, px(size)));
    font.setBold(bold);
    return font;
}

QFont fixedFont(double size)
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPixelSize(qMax(1, px(size)));
    return font;
}

}
