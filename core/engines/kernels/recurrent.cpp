// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/recurrent.h"
#include "core/engines/kernels/maps.h"

#include <algorithm>
#include <cmath>

namespace core::engines::kernels {

namespace {

void hardSigmoid(const float* input, std::int64_t count, float slope, float* output)
{
    for (std::int64_t i = 0; i < count; ++i)
        output[i] = std::min(std::max(slope * input[i] + 0.5F, 0.0F), 1.0F); // NaN stays: it is max's first argument
}

void apply(Activation activation, const float* input, std::int64_t count, float* output)
{
    switch (activation) {
    case Activation::Linear:
        std::copy(input, input + count, output);
        break;
    case Activation::Tanh:
        return tanh(input, count, output);
    case Activation::Sigmoid:
        return sigmoid(input, count, output);
    case Activation::Relu:
        return relu(input, count, output);
    case Activation::HardSigmoid:
        return hardSigmoid(input, count, 1.0F / 6.0F, output);
    case Activation::HardSigmoid2:
        return hardSigmoid(input, count, 0.2F, output);
    case Activation::Softsign:
        return softsign(input, count, output);
    case Activation::Softplus:
        return softplus(input, count, 1.0F, 20.0F, output);
    case Activation::Elu:
        return elu(input, count, 1.0F, output);
    case Activation::Selu:
        return selu(input, count, output);
    case Activation::Silu:
        return silu(input, count, output);
    case Activation::Gelu:
        return gelu(input, count, false, output);
    case Activation::Exponential:
        return exponential(input, count, output);
    case Activation::Mish:
        return mish(input, count, output);
    }
}

/// What all cells do step by step: the input's part of every step is computed at once.
class Steps
{
public:
    Steps(const float* input, const Sequence& sequence, const Cell& cell, std::int64_t gates, float* scratch, float* output, float* h)
        : m_sequence(sequence), m_cell(cell), m_width(gates * sequence.units), m_projected(scratch),
          m_recurrent(scratch + sequence.batch * sequence.steps * m_width), m_output(output), m_h(h)
    {
        dense(input, sequence.batch * sequence.steps, sequence.features, cell.kernel, cell.bias, m_width, m_projected);
        start(cell.h, h);
    }

    void start(const float* given, float* state) const
    {
        const std::int64_t count = m_sequence.batch * m_sequence.units;
        if (given)
            std::copy(given, given + count, state);
        else
            std::fill(state, state + count, 0.0F);
    }

    /// `step(batch, x, recurrent, h)` makes of a row of each gate's the new h; `take(h)` comes before it, for all of the batch.
    template <typename Take, typename Step>
    void run(Take take, Step step)
    {
        const std::int64_t batch = m_sequence.batch, steps = m_sequence.steps, units = m_sequence.units;
        for (std::int64_t i = 0; i < steps; ++i) {
            const std::int64_t time = m_sequence.reverse ? steps - 1 - i : i;
            take();
            const std::int64_t place = m_sequence.turned ? i : time,
                               before = m_sequence.turned || !m_sequence.reverse ? place - 1 : place + 1;
            for (std::int64_t n = 0; n < batch; ++n) {
                float* h = m_h + n * units;
                float* out = m_output + (n * steps + place) * units;
                const bool isLeftOut = m_cell.mask && m_cell.mask[n * steps + time] == 0.0F;
                if (!isLeftOut) {
                    step(n, m_projected + (n * steps + time) * m_width, m_recurrent + n * m_width, h);
                    std::copy(h, h + units, out);
                } else if (i == 0) {
                    std::fill(out, out + units, 0.0F);
                } else {
                    const float* last = m_output + (n * steps + before) * units;
                    std::copy(last, last + units, out);
                }
            }
        }
    }

    /// Columns of the recurrent kernel from `first` on, times `state`, into the same columns.
    void multiplyRecurrent(const float* state, std::int64_t first, std::int64_t columns) const
    {
        const Eigen::OuterStride<> width(m_width);
        multiply(ConstStrided(state, m_sequence.batch, m_sequence.units, Eigen::OuterStride<>(m_sequence.units)),
                 ConstStrided(m_cell.recurrent + first, m_sequence.units, columns, width),
                 m_cell.recurrentBias ? m_cell.recurrentBias + first : nullptr,
                 Strided(m_recurrent + first, m_sequence.batch, columns, width));
    }

    std::int64_t width() const { return m_width; }
    float* behind() const { return m_recurrent + m_sequence.batch * m_width; }

private:
    const Sequence& m_sequence;
    const Cell& m_cell;
    std::int64_t m_width;
    float *m_projected, *m_recurrent, *m_output, *m_h;
};

/// to = a + b
void sum(const float* a, const float* b, std::int64_t count, float* to)
{
    Values(to, count) = ConstValues(a, count) + ConstValues(b, count);
}

}

bool lookUp(const float* indices, std::int64_t count, const float* table, std::int64_t rows, std::int64_t units, float* output)
{
    for (std::int64_t i = 0; i < count; ++i) {
        const float index = indices[i];
        if (!(index >= 0.0F && index < static_cast<float>(rows)) || index != std::floor(index))
            return false;
        const float* row = table + static_cast<std::int64_t>(index) * units;
        std::copy(row, row + units, output + i * units);
    }
    return true;
}

void maskRows(const float* input, std::int64_t count, std::int64_t size, float value, float* output, float* mask)
{
    for (std::int64_t i = 0; i < count; ++i) {
        const float* row = input + i * size;
        const bool isThere = std::any_of(row, row + size, [value](float x) { return x != value; });
        mask[i] = isThere ? 1.0F : 0.0F;
        for (std::int64_t k = 0; k < size; ++k)
            output[i * size + k] = row[k] * mask[i]; // as Keras does: NaN stays
    }
}

std::int64_t recurrentScratch(const Sequence& sequence, std::int64_t gates)
{
    return (sequence.batch * (sequence.steps + 1) * gates + sequence.batch) * sequence.units;
}

void simpleRnn(const float* input, const Sequence& sequence, const Cell& cell, float* scratch, float* output, float* h)
{
    Steps steps(input, sequence, cell, 1, scratch, output, h);
    steps.run([&] { steps.multiplyRecurrent(h, 0, steps.width()); },
              [&](std::int64_t, const float* x, float* recurrent, float* state) {
                  sum(x, recurrent, sequence.units, recurrent);
                  apply(cell.activation, recurrent, sequence.units, state);
              });
}

void lstm(const float* input, const Sequence& sequence, const Cell& cell, float* scratch, float* output, float* h, float* c)
{
    const std::int64_t units = sequence.units;
    Steps steps(input, sequence, cell, 4, scratch, output, h);
    steps.start(cell.c, c);
    steps.run([&] { steps.multiplyRecurrent(h, 0, steps.width()); },
              [&](std::int64_t n, const float* x, float* gates, float* state) {
                  sum(x, gates, 4 * units, gates);
                  float *i = gates, *f = gates + units, *candidate = gates + 2 * units, *o = gates + 3 * units;
                  apply(cell.gate, i, 2 * units, i);
                  apply(cell.activation, candidate, units, candidate);
                  apply(cell.gate, o, units, o);
                  Values carried(c + n * units, units);
                  carried = Values(f, units) * carried + Values(i, units) * Values(candidate, units);
                  apply(cell.activation, c + n * units, units, state);
                  Values(state, units) *= Values(o, units);
              });
}

void gru(const float* input, const Sequence& sequence, const Cell& cell, bool resetAfter, float* scratch, float* output, float* h)
{
    const std::int64_t units = sequence.units, batch = sequence.batch;
    Steps steps(input, sequence, cell, 3, scratch, output, h);
    float* reset = steps.behind();
    // z and r of all of the batch first: the older sort multiplies r h with the recurrent kernel
    std::int64_t time = sequence.reverse ? sequence.steps - 1 : 0;
    const auto take = [&] {
        steps.multiplyRecurrent(h, 0, resetAfter ? 3 * units : 2 * units);
        for (std::int64_t n = 0; !resetAfter && n < batch; ++n) {
            const float* x = scratch + (n * sequence.steps + time) * steps.width();
            const float* recurrent = scratch + (batch * sequence.steps + n) * steps.width();
            sum(x + units, recurrent + units, units, reset + n * units);
            apply(cell.gate, reset + n * units, units, reset + n * units);
            Values(reset + n * units, units) *= ConstValues(h + n * units, units);
        }
        if (!resetAfter)
            steps.multiplyRecurrent(reset, 2 * units, units);
        time += sequence.reverse ? -1 : 1;
    };
    steps.run(take, [&](std::int64_t, const float* x, float* gates, float* state) {
        float *z = gates, *r = gates + units, *candidate = gates + 2 * units;
        sum(x, gates, 2 * units, gates);
        apply(cell.gate, gates, 2 * units, gates);
        if (resetAfter)
            Values(candidate, units) *= Values(r, units);
        sum(x + 2 * units, candidate, units, candidate);
        apply(cell.activation, candidate, units, candidate);
        Values result(state, units);
        result = Values(z, units) * result + (1.0F - Values(z, units)) * Values(candidate, units);
    });
}

}
