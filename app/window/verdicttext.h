// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/workspace.h"
#include "widgets/plots/errorchart.h"
#include "widgets/verdict/verdictchip.h"

namespace app {

/// What the chip says of the workspace.
struct VerdictText
{
    widgets::VerdictChip::State state = widgets::VerdictChip::State::Waiting;
    QString detail;   ///< beside the verdict
    QString counts;   ///< small: what else is worth knowing
    QString why = {}; ///< they differ
    int repairs = 0;  ///< fixes that are tried on what it is of
};

/// Chip and chart are told from one report and the sample digits' runs, so that none is greener than the other.
VerdictText verdictOf(const Workspace& workspace);
/// `cause`: which of the known ones is told.
widgets::ChartHeadline chartHeadline(const Workspace& workspace, int cause = 0);

/// "torch 1.1 ms" parts of the status bar; empty without a result.
QString timesText(const Workspace& workspace);

}
