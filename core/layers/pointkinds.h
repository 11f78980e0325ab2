// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

namespace core::layers {

extern const Kind linear, tanhKind, reluKind, clippedRelu, leakyRelu, elu, selu, gelu, silu, softplus, softsign, exponential, hardSwish,
    mish, sigmoidKind, softmax, logSoftmax;
extern const Kind celu, hardSigmoid, clip, thresholdCut, hardShrink, softShrink, tanhShrink, logSigmoid, prelu, glu;
extern const Kind affine, power, absolute, squareRoot, logarithm, sine, cosine;
extern const Kind meanOver, sumOver, highest, lowest;

}
