// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QAbstractItemModel;

namespace widgets {

/// Text of a file as it is safe to show: control characters and right-to-left marks escaped, long ones cut.
QString safeText(std::string_view text);
/// The rows as they stand as tab-separated text with a line of heads; tabs and line breaks in cells become spaces.
QString tableAsText(const QAbstractItemModel& model);

}
