// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/state.h"

#include <mutex>

namespace app {

/// The engines of both sides with what they run. A cancelled task may still be using them when the next one comes: `inUse` makes that one
/// wait.
struct EnginePair
{
    std::shared_ptr<const core::session::Pair> pair; ///< they were made for
    std::unique_ptr<core::engines::Engine> left, right;
    std::string problemLeft, problemRight;
    std::mutex inUse;

    /// Whether they compute what another pair runs: another mapping alone changes no network that tells its own wiring.
    bool fit(const core::session::Pair& other) const;
};

/// Builds the engines of what can run; a side that cannot has its reason. Throws only Cancelled.
std::shared_ptr<EnginePair> makeEngines(std::shared_ptr<const core::session::Pair> pair, const core::Progress& progress);

/// Whether any network of a pair that can run is given a digit; a pair of which none can run does not speak against it.
bool takesDigit(const core::session::Pair& pair);
/// Whether a chosen file is read as arrays (.npy, .npz), not as a picture.
bool isArrayFile(const QString& path);

/// Runs what can run and judges it.
Result run(EnginePair& engines, std::shared_ptr<const core::session::Pair> pair, const core::digits::Picture& picture,
           const Choices& choices, const core::Progress& progress);
/// The same traces under another mapping or tolerance: nothing is run.
void judge(Result& result, std::shared_ptr<const core::session::Pair> pair, double tolerance);

/// The same result with the local errors of its layers. Throws Cancelled.
std::shared_ptr<const Result> withLocalErrors(EnginePair& engines, const std::shared_ptr<const Result>& result,
                                              const core::Progress& progress);
/// The same result with the causes of what differs in it. Throws Cancelled.
std::shared_ptr<const Result> withCauses(const std::shared_ptr<const Result>& result, const core::Progress& progress);
/// A row of the report's layers by itself, or why it cannot run so.
AloneRun runAlone(EnginePair& engines, const std::shared_ptr<const Result>& result, int row);

/// Both networks on every digit of a set, one after the other, the engines free between them for what the person does meanwhile.
SampleRuns runSamples(EnginePair& engines, const core::session::Pair& pair, const core::digits::DigitSet& set, const Choices& choices,
                      const core::Progress& progress);

}
