// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/compare.h"

namespace core::compare {

/// The value of an op, null when it was not computed.
const Tensor* valueOf(const Side& side, int op);

/// The first output of both sides in the right side's layout, brought to probabilities where the sides end in different forms of them
/// (softmax, log-softmax, logits). Nothing when either was not computed; without metrics when their shapes cannot agree. Adds to `notes`
/// what it did.
std::optional<OutputResult> compareOutputs(const Side& left, const Side& right, std::vector<Note>& notes);

}
