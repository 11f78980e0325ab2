// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/engine.h"
#include "core/layers/kind.h"

namespace core::engines {

/// Activations that may be held at once, in bytes.
constexpr std::uint64_t activationLimit = std::uint64_t{2} << 30;

/// Why ops cannot run: of their own, or because something that they need cannot.
struct Problems
{
    std::map<int, std::string> texts;
    std::map<int, int> causes; ///< the op that is to blame

    void add(int op, std::string text);
    /// Says "it needs 2 (GELU), which cannot run" when one of the op's inputs that is not fed has a problem.
    bool inherit(const Model& model, int op, const std::map<Port, layers::Value>& fed = {});
};

/// What a run computes, settled before anything is allocated: shapes, labels, order, and what cannot run.
struct Plan
{
    layers::Values values;    ///< fed or inferred, only of what the run needs
    std::vector<int> order;   ///< ops to compute, each behind its inputs
    std::vector<Port> wanted; ///< to hand out
    Problems problems;        ///< of what the run needs
    std::vector<Port> asked;  ///< as given to planRun
    std::map<Port, layers::Value> fed;

    /// What an op that is computed puts out.
    std::vector<layers::Value> outputs(int op) const;
    /// How often a value is taken by the ops that are computed and handed out.
    ByPort<int> uses(const Model& model) const;
};

/// The feeds as float32 with labels. Throws Error("feed-...") naming the op, what it takes and what came.
Feeds checkedFeeds(const Model& model, const Feeds& feeds);

/// `unavailable`: ops known not to run. Throws Error("activations-too-large") with the estimate.
Plan planRun(const Model& model, const Feeds& checkedFeeds, const std::vector<Port>& wanted, const std::map<int, std::string>& unavailable,
             std::uint64_t limit = activationLimit);

/// Whether the plan was made for such feeds.
bool fits(const Plan& plan, const Feeds& checkedFeeds, const std::vector<Port>& wanted);

}
