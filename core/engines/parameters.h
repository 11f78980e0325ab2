// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/model/model.h"

#include <map>

namespace core::engines {

/// The values that a model's ops compute with.
struct Weights
{
    std::map<std::string, Tensor> values;   ///< by parameter name; float32 in the file's own layout
    std::map<int, std::string> unavailable; ///< ops that lack one, and why: unreadable, or not of a floating type
};

/// Reads what the ops of known kinds need; f16 and bf16 are widened, f64 is narrowed. Throws Cancelled.
Weights readWeights(const Model& model, const Progress& progress);

/// The weights of one op by role.
std::map<std::string, Tensor> weightsOf(const Op& op, const Weights& weights);

}
