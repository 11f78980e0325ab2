// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/recurrent.h"
#include "core/engines/keras/setting.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

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

/// Where an op's inputs of one name are, beside the plain one.
std::vector<std::size_t> placesOf(const Setting& s, std::string_view name)
{
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < s.op.inputs.size(); ++i)
        if (s.op.inputs[i].name == name)
            result.push_back(i);
    return result;
}

/// The cell with what it takes besides the sequence.
struct Start
{
    kernels::Cell cell;
    std::vector<std::size_t> states, masks;

    Start(const Setting& s, const kernels::Cell& own) : cell(own), states(placesOf(s, "initial_state")), masks(placesOf(s, "mask")) {}

    kernels::Cell operator()(const Computation::Buffers& buffers) const
    {
        kernels::Cell result = cell;
        if (!states.empty())
            result.h = buffers.inputs[states[0]];
        if (states.size() > 1)
            result.c = buffers.inputs[states[1]];
        if (!masks.empty())
            result.mask = buffers.inputs[masks[0]];
        return result;
    }
};

Computation embedding(const Setting& s)
{
    const auto rows = s.op.attributes.integer("rows"), units = s.output.shape.back(), count = elementCount(s.input.shape);
    const float* table = s.weight("embeddings", rows * units);
    const bool masks = s.outputs.size() > 1;
    return {[=, name = s.op.name](const Computation::Buffers& b) {
                if (!kernels::lookUp(b.inputs[0], count, table, rows, units, b.outputs[0]))
                    throw Error("embedding-index")
                        .expected(fmt::format("whole numbers from 0 to {}", rows - 1))
                        .found("another value")
                        .at(printable(name));
                for (std::int64_t i = 0; masks && i < count; ++i)
                    b.outputs[1][i] = b.inputs[0][i] == 0.0F ? 0.0F : 1.0F;
            },
            0};
}

Computation masking(const Setting& s)
{
    const auto size = s.input.shape.back(), count = elementCount(s.outputs[1].shape);
    const auto value = static_cast<float>(s.op.attributes.real("value", 0));
    return {[=](const Computation::Buffers& b) { kernels::maskRows(b.inputs[0], count, size, value, b.outputs[0], b.outputs[1]); }, 0};
}

Computation simpleRnn(const Setting& s)
{
    const auto sequence = sequenceOf(s);
    const Start start(s, cellOf(s, sequence, 1));
    return {
        [=](const Computation::Buffers& b) { kernels::simpleRnn(b.inputs[0], sequence, start(b), b.scratch, b.outputs[0], b.outputs[1]); },
        kernels::recurrentScratch(sequence, 1)};
}

Computation lstm(const Setting& s)
{
    const auto sequence = sequenceOf(s);
    const Start start(s, cellOf(s, sequence, 4));
    return {[=](const Computation::Buffers& b) {
                kernels::lstm(b.inputs[0], sequence, start(b), b.scratch, b.outputs[0], b.outputs[1], b.outputs[2]);
            },
            kernels::recurrentScratch(sequence, 4)};
}

Computation gru(const Setting& s)
{
    const auto sequence = sequenceOf(s);
    const bool resetAfter = s.op.attributes.boolean("reset_after");
    const Start start(s, cellOf(s, sequence, 3, resetAfter));
    return {[=](const Computation::Buffers& b) {
                kernels::gru(b.inputs[0], sequence, start(b), resetAfter, b.scratch, b.outputs[0], b.outputs[1]);
            },
            kernels::recurrentScratch(sequence, 3)};
}

constexpr std::array<Maker, 5> makers{{{"lstm", lstm}, {"gru", gru}, {"rnn", simpleRnn}, {"embedding", embedding}, {"masking", masking}}};

}

std::span<const Maker> recurrentMakers()
{
    return makers;
}

}
