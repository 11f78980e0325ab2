// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/options.h"
#include "core/model/model.h"

namespace app {

/// Before any work: no file that a command writes is one that it reads, or another that it writes, and each can be written.
void checkOutputs(const Options& options);
/// The same of the architecture that was found beside a model's weights.
void checkArchitecture(const Options& options, const core::Model& model);

}
