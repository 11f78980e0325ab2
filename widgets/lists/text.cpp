// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lists/text.h"

#include "core/base/error.h"

#include <QLocale>
#include <QRegularExpression>

#include <cmath>

namespace widgets {

QString shown(std::string_view text)
{
    return QString::fromStdString(core::printable(text));
}

QString countText(std::int64_t count)
{
    return QLocale(QLocale::English, QLocale::UnitedStates).toString(static_cast<qlonglong>(count));
}

QString sizeText(std::uint64_t bytes)
{
    QLocale locale = QLocale::c();
    return locale.formattedDataSize(static_cast<qint64>(bytes), bytes < 1024 * 1024 ? 0 : 1);
}

QString shortNumber(double value)
{
    if (value == 0 || !std::isfinite(value))
        return QString::number(value);
    const double size = std::abs(value);
    if (size >= 0.01 && size < 1000)
        return size >= 99.5 ? QString::number(value, 'f', 0) : QString::number(value, 'g', 2);
    const QString text = QString::number(value, 'e', size >= 1000 ? 1 : 0);
    const auto mark = text.indexOf(QLatin1Char('e'));
    return text.left(mark) + QLatin1Char('e') + QString::number(text.mid(mark + 1).toInt());
}

QString rangeText(double low, double high)
{
    return shortNumber(low) + QStringLiteral(" … ") + shortNumber(high);
}

QString typeset(QString text)
{
    static const QRegularExpression times(QStringLiteral("(?<=\\d)x(?=\\d)"));
    return text.replace(QLatin1String("->"), QStringLiteral("→")).replace(times, QStringLiteral("×"));
}

}
