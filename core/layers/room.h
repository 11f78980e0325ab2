// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

namespace core::layers {

/// Bytes that a run may take: half of this machine's memory, between 2 and 8 GiB.
std::uint64_t runLimit();

/// Before anything of a declared size is made: checks that the model's first layers take an input as large as it declares, and that input,
/// activations and parameters in float32 stay below `limit` for `batch` samples. Sizes that the file leaves open count as nothing; a small
/// input that does not fit is left to the run, which says of each layer what it takes. Throws Error("run-shape") or
/// Error("activations-too-large").
void checkRoom(const Model& model, std::int64_t batch = 1, std::uint64_t limit = runLimit());

}
