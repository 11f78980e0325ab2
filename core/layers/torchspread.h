// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/steps.h"

namespace core::layers {

/// The ops that a framework computes an op by where it has no layer that does it alone; nothing where it has. `call` lies as that framework
/// has it, and its inputs are known; `neverNegative`: no element of them is below 0. Throws Error("layer-no-twin").
std::optional<Steps> spreadOf(const Kind& kind, const Call& call, Framework framework, bool neverNegative);

}
