// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/compare.h"
#include "core/session/inputs.h"

namespace core::session {

/// Two sides in their slots (PyTorch left where they differ), ready to map: a model without wiring stands beside the one that borrows it.
/// An immutable value, replaced as a whole; the window and the command line use the same functions.
struct Pair
{
    std::shared_ptr<const Model> left, right; ///< as the files tell them; either may be null
    mapping::Mapping mapping;
    std::shared_ptr<const Model> runLeft, runRight;   ///< what runs: the same, or with borrowed wiring; null when it cannot run
    std::string cannotRunLeft, cannotRunRight;        ///< why not
    std::vector<compare::ParameterResult> parameters; ///< compared through the rules

    std::shared_ptr<const Model> openedLeft, openedRight;     ///< what the pair was made of
    std::shared_ptr<const Model> labelledLeft, labelledRight; ///< the same with input shapes and labels, whatever is linked
    std::shared_ptr<const compare::KnownParameters> known;    ///< what was read of these files, by whatever mapping
};

/// Whether `a` and `b` change places so that PyTorch is left.
bool swapsSides(const Model& a, const Model& b);

/// Maps automatically and prepares both sides for running (input shapes, parameter axes, borrowing).
Pair makePair(std::shared_ptr<const Model> left, std::shared_ptr<const Model> right, const Progress& progress = Progress());
/// The same with a given mapping. `before` is a pair of the same files: what does not depend on the links is
/// taken from it, and only parameters that were not compared for it are read.
Pair makePair(std::shared_ptr<const Model> left, std::shared_ptr<const Model> right, mapping::Mapping mapping, const Pair* before = nullptr,
              const Progress& progress = Progress());

/// A model opened by itself, with input shape guessed and parameter axes labelled.
std::shared_ptr<const Model> prepared(Model model, const Shape* inputShape = nullptr);

struct Traces
{
    engines::Trace left, right;
};
/// Runs both engines at once (either may be null) on their inputs. Throws what engines::feedsFor and Engine::run throw.
Traces runBoth(engines::Engine* left, engines::Engine* right, const PairInputs& inputs, const Progress& progress = Progress());

/// One warning for each parameter of a side with borrowed wiring whose features were flattened as the other file says, which its values do
/// not bear out: what is computed with it is only assumed.
std::vector<Note> assumedOrders(const Pair& pair, bool onLeft);

/// What the pair's parameters alone tell: before a run, or where a side cannot run.
compare::Report weightsReport(const Pair& pair, double tolerance);
/// What the pair and a run of both sides tell.
compare::Report runReport(const Pair& pair, const Traces& traces, double tolerance);

}
