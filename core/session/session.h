// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/compare.h"
#include "core/digits/digits.h"

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
};

/// Whether `a` and `b` change places so that PyTorch is left.
bool swapsSides(const Model& a, const Model& b);

/// Maps automatically and prepares both sides for running (input shapes, parameter axes, borrowing).
Pair makePair(std::shared_ptr<const Model> left, std::shared_ptr<const Model> right);
/// The same with a given mapping.
Pair makePair(std::shared_ptr<const Model> left, std::shared_ptr<const Model> right, mapping::Mapping mapping);

/// A model opened by itself, with input shape guessed and parameter axes labelled.
std::shared_ptr<const Model> prepared(Model model, const Shape* inputShape = nullptr);

/// Runs both engines at once (either may be null) on their inputs.
struct Traces
{
    engines::Trace left, right;
};
Traces runBoth(engines::Engine* left, const Tensor* leftInput, engines::Engine* right, const Tensor* rightInput,
               const Progress& progress = Progress());

}
