// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

namespace app {

/// Standard normal values for one sample (batch first): std::mt19937 with `seed`, Box-Muller on pairs (u + 0.5) / 2^32, cosine first. Drawn
/// in C,H,W order for inputs of rank 3, so that both frameworks get the same picture.
core::Tensor noise(core::Framework framework, const core::Shape& inputShape, unsigned seed);

/// A tensor of (1 +) C,H,W or H,W,C labels in the layout of `framework`.
core::Tensor inLayoutOf(core::Framework framework, const core::Tensor& labelled, const core::Shape& inputShape);

}
