// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>

namespace widgets {

/// core/report/numbers.h as QStrings.
QString twoDigits(double value);
QString roundNumber(double value);
QString fixedNumber(double value, int decimals);
QString precise(double value);
QString thousands(std::int64_t value);

}
