// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/patterns.h"

#include "core/formats/format.h"

namespace app {

QStringList fileEndings(core::Framework framework)
{
    QStringList list = QString::fromStdString(core::formats::patterns(framework)).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    list.replaceInStrings(QStringLiteral("*"), QString());
    return list;
}

}
