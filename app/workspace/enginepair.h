// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/state.h"

#include <mutex>

namespace app {

/// The engines of both sides with what they run. A cancelled task may still be using them when the next one comes: `inUse` makes that one
/// wait.
struct EnginePair
{
    std::shared_ptr<const core::Model> runLeft, runRight;
    std::unique_ptr<core::engines::Engine> left, right;
    std::string problemLeft, problemRight;
    std::mutex inUse;
};

/// Builds the engines of what can run; a side that cannot has its reason. Throws only Cancelled.
std::shared_ptr<EnginePair> makeEngines(const core::session::Pair& pair, const core::Progress& progress);

/// The input of one side: the picture where the model takes 784 values, else seeded noise of its shape.
std::optional<core::Tensor> inputFor(const core::Model& model, const core::digits::Picture& picture,
                                     const core::digits::Preprocess& preprocess);

/// Runs what can run and compares where both did.
Result run(EnginePair& engines, std::shared_ptr<const core::session::Pair> pair, const core::digits::Picture& picture,
           const Choices& choices, const core::Progress& progress);

}
