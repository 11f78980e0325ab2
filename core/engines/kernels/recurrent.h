// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/kernels/kernels.h"

/// Recurrent cells over a sequence (batch, steps, features), as kernels.h says of everything here.
namespace core::engines::kernels {

/// What a cell computes with.
enum class Activation {
    Linear,
    Tanh,
    Sigmoid,
    Relu,
    HardSigmoid,
    HardSigmoid2,
    Softsign,
    Softplus,
    Elu,
    Selu,
    Silu,
    Gelu,
    Exponential,
    Mish
};

struct Sequence
{
    std::int64_t batch, steps, features, units;
    bool reverse; ///< from the last step to the first
    bool turned;  ///< the result's steps are in the order of computation, not of time
};

/// kernel (features, gates * units), recurrent (units, gates * units); biases may be null. A GRU's `recurrentBias` is added to what the
/// recurrent kernel gives.
struct Cell
{
    const float *kernel, *recurrent, *bias, *recurrentBias;
    Activation activation, gate;
    const float *h, *c;          ///< (batch, units) before the first step; null: zeros
    const float* mask = nullptr; ///< (batch, steps), 0 where a step is left out: states stay, and the result is that of the step before
};

/// Rows of a table, by whole numbers; false, at the first that is none of its places.
TIEOUT_ENGINE_API bool lookUp(const float* indices, std::int64_t count, const float* table, std::int64_t rows, std::int64_t units,
                              float* output);
/// 1 where a row of `size` values has one that is not `value`, whose rows stay; others become zeros.
TIEOUT_ENGINE_API void maskRows(const float* input, std::int64_t count, std::int64_t size, float value, float* output, float* mask);

/// Floats of scratch space for so many gates.
TIEOUT_ENGINE_API std::int64_t recurrentScratch(const Sequence& sequence, std::int64_t gates);
/// h = activation(x kernel + h recurrent + bias). `output` (batch, steps, units), `h` the last.
TIEOUT_ENGINE_API void simpleRnn(const float* input, const Sequence& sequence, const Cell& cell, float* scratch, float* output, float* h);
/// Gates i, f, c, o: c = f c + i activation(c'), h = o activation(c).
TIEOUT_ENGINE_API void lstm(const float* input, const Sequence& sequence, const Cell& cell, float* scratch, float* output, float* h,
                            float* c);
/// Gates z, r, h: h = z h + (1 - z) activation(h'), where r is applied to what the recurrent kernel gives (`resetAfter`) or takes.
TIEOUT_ENGINE_API void gru(const float* input, const Sequence& sequence, const Cell& cell, bool resetAfter, float* scratch, float* output,
                           float* h);

}
