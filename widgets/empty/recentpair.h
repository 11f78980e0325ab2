// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/verdict/verdictchip.h"

#include <QString>

namespace widgets {

/// A pair that was open before, and how it ended.
struct RecentPair
{
    QString left, right; ///< file names
    QString folder;      ///< "~/models/lenet5"
    VerdictChip::State state = VerdictChip::State::Waiting;
    QString verdict; ///< "ties out, 3.8e-7"
    QString when;    ///< "today, 14:02"
};

}
