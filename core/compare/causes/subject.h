// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/causes/part.h"

namespace core::compare {

/// Linked parameters of a pair of layers, the left's in the right's layout.
struct Weights
{
    const mapping::ParameterLink* link = nullptr;
    std::vector<const Parameter*> left, right;
    std::vector<Tensor> own;        ///< the right's values, in their own dtype
    std::vector<Tensor> expected;   ///< the left's through the rule, as the right would hold them; empty where the rule tells no order
    std::vector<std::string> roles; ///< of the right's
    double error = 0;               ///< scaled, the worst of them; NaN where NaN is on one side only
    bool differs = false;           ///< by more than the tolerance
};

/// A pair of layers under suspicion, as hypotheses see it.
struct Subject
{
    Subject(const Model& leftModel, const Model& rightModel, std::string leftName, std::string rightName)
        : left(leftModel), right(rightModel), leftLayer(std::move(leftName)), rightLayer(std::move(rightName))
    {
    }

    const Model& left;
    const Model& right; ///< whole models with labels
    std::string leftLayer, rightLayer;
    std::vector<int> leftOps, rightOps;        ///< of the groups, in order of computation
    std::vector<std::pair<int, int>> ops;      ///< those that correspond
    std::vector<int> onlyLeft, onlyRight;      ///< those without a mate
    std::vector<int> inputs = {};              ///< of the model, on the right, that it takes
    const engines::Trace* leftTrace = nullptr; ///< null where only parameters are compared
    std::vector<Weights> weights = {};
    double tolerance = 1e-5;

    bool isFirst() const { return !inputs.empty(); }
    const Op& leftOp(int op) const { return left.ops[static_cast<std::size_t>(op)]; }
    const Op& rightOp(int op) const { return right.ops[static_cast<std::size_t>(op)]; }
};

/// How far values are from what is expected, scaled as metrics are; NaN where a NaN is on one side only.
double distance(const std::vector<Tensor>& values, const std::vector<Tensor>& expected);

/// The weights of all links that the ops are of. Throws Cancelled.
std::vector<Weights> weightsOf(const Model& left, const Model& right, const std::vector<const mapping::Link*>& links, double tolerance,
                               const Progress& progress);
/// Fills ops, onlyLeft and onlyRight from leftOps and rightOps.
void pairOps(Subject& subject);

/// The layer of an op, the op's own name where it has none.
std::string layerOf(const Model& model, int op);
/// "PyTorch" and "Keras", or "left" and "right" where both are of one framework.
std::string sideName(const Subject& subject, bool isLeft);
/// Two significant digits: "4.5e-7", "0.12".
std::string shortNumber(double value);

}
