// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

namespace core::layers {

struct Steps; // core/layers/steps.h

/// nn.TransformerEncoderLayer and nn.TransformerEncoder; settings of the modules in them bear their names before their own
/// ("norm1.eps"), their classes too ("norm1.class"). Throw Error("layer-unsupported").
Steps torchEncoderLayer(const TorchSpec& spec);
Steps torchEncoder(const TorchSpec& spec);

extern const Kind dot, bilinear, multihead, attention, additiveAttention;

}
