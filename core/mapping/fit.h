// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/match.h"

#include <set>

namespace core::mapping {

/// Worth of pairs: what has weights leads, what is only alike comes last.
constexpr int weightedScore = 1000, plainScore = 300, activationScore = 200, transparentScore = 10, familyScore = 60;
constexpr int paddingScore = 100, differencePenalty = 150, missingPenalty = 200, shapePenalty = 100;

const Op& opAt(const Labelled& side, int index);
/// An op with what is known of the values that flow into it.
layers::Call callOf(const Labelled& side, int index);
/// Average pooling whose window is the whole picture is a global one.
bool isGlobalPool(const Labelled& side, int index);
/// What keeps the parameters of both from being each other's; an empty message when nothing does.
Message parameterObstacle(const Model& left, const Op& a, const Model& right, const Op& b);
/// Whether both frameworks name parameters and classes alike; a file that tells none is taken for the other's.
bool sameNames(const Model& left, const Model& right);
/// Any op with weights in place of another needs a weight that both have.
bool lacksWeights(const Model& left, const Op& a, const Model& right, const Op& b);
/// Roles of either op that correspond to others of the other's: one projection of PyTorch's attention to three of Keras'.
std::set<std::string> groupedRoles(const Model& left, const Op& a, const Model& right, const Op& b);
/// Roles that only one side has, "bias, gamma"; the counter of batches left out.
std::string missingRoles(const Model& left, const Op& a, const Model& right, const Op& b);
/// Kind::difference with what cannot be compared told as a difference.
std::string settingsDifference(const layers::Call& a, const layers::Call& b);

}
