// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sides/text.h"

#include "core/report/numbers.h"

namespace widgets {

QString twoDigits(double value)
{
    return QString::fromStdString(core::report::twoDigits(value));
}

QString roundNumber(double value)
{
    return QString::fromStdString(core::report::roundNumber(value));
}

QString fixedNumber(double value, int decimals)
{
    return QString::fromStdString(core::report::fixed(value, decimals));
}

QString precise(double value)
{
    return QString::fromStdString(core::report::precise(value));
}

QString thousands(std::int64_t value)
{
    return QString::fromStdString(core::report::thousands(value));
}

}
