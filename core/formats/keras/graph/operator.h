// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/keras/config/config.h"
#include "core/layers/operators.h"
#include "core/model/model.h"

namespace core::formats {

/// Sets kind and attributes of an op that a call of an operator is, brings its inputs, which are the call's tensors, into the kind's order
/// and numbers those of the form anew. `isWhole`: some of them are whole numbers. Without a kind where the operator is none that Tieout
/// knows. Throws Error("layer-unsupported") for arguments that no kind computes with.
layers::Numbers setOperator(Op& op, const KerasLayer& layer, Json& form, bool isWhole);

/// What of operators' layers is written again: where their class is from, and their calls.
std::string operatorText(const Json& origin, const std::vector<Json>& forms);

}
