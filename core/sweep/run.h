// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sweep/dataset.h"

namespace core::sweep {

/// Two networks and what they are swept over; all of it lives as long as the run.
struct Task
{
    const session::Pair& pair; ///< whose both sides can run
    engines::Engine& left;
    engines::Engine& right;
    const DataSet& set;
    digits::Preprocess preprocessLeft, preprocessRight;
    double tolerance = 1e-5;
};

/// Hears of every sample in order, in the thread that runs the sweep; false ends it after this batch.
using Listener = std::function<bool(const SampleResult&)>;

/// Runs a part of the set, both sides at once, in batches that do not depend on how the set was divided; only outputs are kept. The outputs
/// are paired by compare::compareOutputs and measured sample by sample. Throws Error("sweep-labels") where a label is no class of the
/// output, what inputsOf and Engine::run throw, and Cancelled between batches.
Sweep run(const Task& task, const Range& range, const Progress& progress = Progress(), const Listener& listener = {});

}
