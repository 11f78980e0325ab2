// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/recurrent.h"
#include "core/engines/keras/setting.h"

#include <algorithm>
#include <array>

namespace core::engines {

namespace {

using kernels::Activation;

constexpr std::array<std::pair<std::string_view, Activation>, 14> activations{{{"linear", Activation::Linear},
                                                                               {"tanh", Activation::Tanh},
                                                                               {"sigmoid", Activation::Sigmoid},
                                                                               {"relu", Activation::Relu},
                                                                               {"hard_sigmoid", Activation::HardSigmoid},
                                                                               {"hard_sigmoid_2", Activation::HardSigmoid2},
                                                                               {"softsign", Activation::Softsign},
                                                                               {"softplus", Activation::Softplus},
                                                                               {"elu", Activation::Elu},
                                                                               {"selu", Activation::Selu},
                                                                               {"silu", Activation::Silu},
                                                                               {"gelu", Activation::Gelu},
                                                                               {"exponential", Activation::Exponential},
                                                                               {"mish", Activation::Mish}}};

Activation activationOf(const Setting& s, const char* attribute)
{
    const std::string name = s.op.attributes.string(attribute);
    const auto found = std::find_if(activations.begin(), activations.end(), [&](const auto& known) { return known.first == name; });
    if (found == activations.end())
        throw Error("keras-kind").expected("an activation of a recurrent cell").found(printable(name)).at(printable(s.op.name));
    return found->second;
}

kernels::Sequence sequenceOf(const Setting& s)
{
    if (s.op.attributes.integer("time", 1) != 1)
        throw Error("keras-layout").expected("the steps along axis 1").found("along axis 0").at(printable(s.op.name));
    return {s.input.shape[0],
            s.input.shape[1],
            s.input.shape[2],
            s.output.shape[2],
            s.op.attributes.boolean("reverse", false),
            s.op.attributes.boolean("turned", false)};
}

/// A cell whose initial states are not known before it runs.
kernels::Cell cellOf(const Setting& s, const kernels::Sequence& sequence, std::int64_t gates, bool hasRows = false)
{
    const std::int64_t width = gates * sequence.units;
    kernels::Cell cell{s.weight("kernel", sequence.features * width),
                       s.weight("recurrent", sequence.units * width),
                       hasRows ? s.weight("biases", 2 * width, true) : s.weight("bias", width, true),
                       nullptr,
                       activationOf(s, "activation"),
                       Activation::Linear,
                       nullptr,
                       nullptr};
    if (hasRows && cell.bias)
        cell.recurrentBias = cell.bias + width;
    if (gates > 1)
        cell.gate = activationOf(s, "recurrent_activation");
    return cell;
}

kernels::Cell started(kernels::Cell cell, const Computation::Buffers& buffers)
{
    if (buffers.inputs.size() > 1)
        cell.h = buffers.inputs[1];
    if (buffers.inputs.size() > 2)
        cell.c = buffers.inputs[2];
    return cell;
}

Computation simpleRnn(const Setting& s)
{
    const auto sequence = sequenceOf(s);
    const auto cell = cellOf(s, sequence, 1);
    return {[=](const Computation::Buffers& b) {
                kernels::simpleRnn(b.inputs[0], sequence, started(cell, b), b.scratch, b.outputs[0], b.outputs[1]);
            },
            kernels::recurrentScratch(sequence, 1)};
}

Computation lstm(const Setting& s)
{
    const auto sequence = sequenceOf(s);
    const auto cell = cellOf(s, sequence, 4);
    return {[=](const Computation::Buffers& b) {
                kernels::lstm(b.inputs[0], sequence, started(cell, b), b.scratch, b.outputs[0], b.outputs[1], b.outputs[2]);
            },
            kernels::recurrentScratch(sequence, 4)};
}

Computation gru(const Setting& s)
{
    const auto sequence = sequenceOf(s);
    const bool resetAfter = s.op.attributes.boolean("reset_after");
    const auto cell = cellOf(s, sequence, 3, resetAfter);
    return {[=](const Computation::Buffers& b) {
                kernels::gru(b.inputs[0], sequence, started(cell, b), resetAfter, b.scratch, b.outputs[0], b.outputs[1]);
            },
            kernels::recurrentScratch(sequence, 3)};
}

constexpr std::array<Maker, 3> makers{{{"lstm", lstm}, {"gru", gru}, {"rnn", simpleRnn}}};

}

std::span<const Maker> recurrentMakers()
{
    return makers;
}

}
