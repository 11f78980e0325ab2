// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/colormap.h"
#include "widgets/heatmap/featuremaps.h"
#include "widgets/heatmap/viewstate.h"
#include "widgets/sides/sidelabel.h"

namespace widgets {

/// What a pane draws: values, how they become colours, and the words around them.
struct PaneContent
{
    core::Framework framework = core::Framework::None; ///< its mark stands before the title
    QString title, detail;
    FeatureMaps maps;
    QString problem; ///< shown instead of maps
    core::report::ColorMap map = core::report::ColorMap::Values;
    Range range;
    bool isDifference = false;
};

/// What the three panes are made from. The values are in one layout already; a null one needs a problem text.
struct HeatmapValues
{
    QString layer; ///< heading of strips: "dense"
    SideName left, right;
    QString leftDetail, rightDetail; ///< "1 Tanh [6,28,28]"
    core::Tensor leftValue, rightValue;
    double tolerance = 1e-5;
    QString leftProblem, rightProblem, differenceProblem;
};

}
