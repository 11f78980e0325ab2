// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/workspace.h"
#include "widgets/digit/answers.h"
#include "widgets/heatmap/panecontent.h"

namespace app {

/// Index of the report's row that a layer belongs to, or -1.
int resultOf(const core::compare::Report& report, const std::string& layer, bool onLeft);

/// What the heatmaps show of a layer: both sides' values in one layout, or why a side has none.
widgets::HeatmapValues heatmapValues(const Workspace& workspace, const QString& layer, bool onLeft);

/// The same of the layer's pair alone, both sides on the same input.
widgets::HeatmapValues aloneValues(const Workspace& workspace, const QString& layer, bool onLeft);

/// "max |d|: 2.0 up to here, 1.8e-7 alone"; empty for a pair that was not compared.
QString errorsText(const core::compare::LayerResult& layer);

/// Both networks' outputs for the bars, brought to one form where the report did.
widgets::DigitOutputs digitOutputs(const Workspace& workspace);

}
