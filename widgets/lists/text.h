// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <string>
#include <string_view>

namespace widgets {

/// Text of a file as it is safe to show: control characters and right-to-left marks escaped, long names cut.
QString shown(std::string_view text);
/// "61,706"
QString countText(std::int64_t count);
/// "241 KiB"
QString sizeText(std::uint64_t bytes);
/// Two significant digits for narrow columns: "-0.92", "-4e-3", "1.3e5".
QString shortNumber(double value);
/// The range of a parameter: "-0.92 … 0.71".
QString rangeText(double low, double high);
/// ASCII of the command line in the window's letters: "1->6 5x5" becomes "1→6 5×5".
QString typeset(QString text);

}
