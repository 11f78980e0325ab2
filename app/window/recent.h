// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/settings/settings.h"
#include "app/workspace/state.h"
#include "widgets/empty/recentpair.h"

namespace app {

/// What is remembered of a pair that was run.
RecentPair recentOf(const Result& result, const SampleRuns* samples);

/// As the first page shows them.
QList<widgets::RecentPair> shownRecent(const QList<RecentPair>& pairs);

}
