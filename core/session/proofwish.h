// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/convert/proof.h"
#include "core/session/inputs.h"

namespace core::session {

constexpr int proofNoises = 8;

/// Whether a model has one input, and that takes a digit.
bool takesDigits(const Model& model);

/// On what a conversion of `source` is proved: the first `count` digits of `digits` where it has one input that takes them, else
/// proofNoises noises of seed 0. Where it cannot run (null, for the reason `cannotRun`), has no room, or count is 0, the wish has no inputs
/// and tells why.
convert::ProofWish proofWish(const std::shared_ptr<const Model>& source, const std::string& cannotRun, const digits::DigitSet& digits,
                             int count, const digits::Preprocess& preprocess, double tolerance);

}
