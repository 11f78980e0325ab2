// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/workspace.h"

namespace app {

/// Those of the present result; none while they are not known.
const std::vector<core::compare::Cause>& causesOf(const Workspace& workspace);
/// The first one of a layer, or -1.
int causeOfLayer(const Workspace& workspace, const QString& layer, bool onLeft);
/// The layer that it is about, on the right where that side has one.
QString layerOf(const core::compare::Cause& cause);

/// "kernel height and width swapped; undone, max |d| is 4.5e-7"
QString causeText(const core::compare::Cause& cause);
/// Why the result differs, in a sentence: a cause, that it is looked for, or that none is known; empty where nothing differs.
QString whyText(const Workspace& workspace, int cause);
/// What lists say of their layers: why they differ, or what is tried on them.
QHash<QString, QString> layerCauses(const Workspace& workspace, Side side);

/// Names of the files on whose copies fixes are tried: "lenet5.h5".
QString triedFiles(const Trials& trials, const Workspace& workspace);

}
