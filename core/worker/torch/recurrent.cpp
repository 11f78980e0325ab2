// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/worker/torch/forwards.h"

namespace core::worker::torch {

namespace {

/// One direction of one layer, as LibTorch's recurrent operators take it: steps in the order of computation.
struct Direction
{
    at::Tensor input;
    std::vector<at::Tensor> weights, states;
    bool batchFirst = true, reverse = false, turned = false, hasBias = false;

    Direction(const Operation& op, const Values& inputs, std::size_t stateCount)
        : weights{parameter(op, "kernel"), parameter(op, "recurrent")}, batchFirst(op.attributes.integer("time", 1) == 1),
          reverse(op.attributes.boolean("reverse", false)), turned(op.attributes.boolean("turned", false))
    {
        for (const Input& taken : op.inputs)
            if (!taken.name.empty() && taken.name != "initial_state")
                throw Error("operation-inputs").expected("a sequence and initial states").found("a " + printable(taken.name));
        if (inputs.empty() || (inputs.size() != 1 && inputs.size() != 1 + stateCount) || inputs.front().dim() != 3)
            throw Error("operation-inputs").expected("a sequence, alone or with its initial states").found(std::to_string(inputs.size()));
        input = reverse ? inputs.front().flip(time()) : inputs.front();
        if (const auto bias = optionalParameter(op, "input_bias"); bias.defined()) {
            weights.push_back(bias);
            weights.push_back(parameter(op, "recurrent_bias"));
            hasBias = true;
        }
        const auto zeros = at::zeros({1, input.size(batchFirst ? 0 : 1), op.attributes.integer("units")});
        for (std::size_t i = 0; i < stateCount; ++i)
            states.push_back(inputs.size() > 1 ? inputs[1 + i].unsqueeze(0) : zeros);
    }

    std::int64_t time() const { return batchFirst ? 1 : 0; }
    at::Tensor inOrder(const at::Tensor& sequence) const { return (reverse && !turned ? sequence.flip(time()) : sequence).contiguous(); }
};

void require(const Operation& op, const std::string& attribute, std::string_view wanted)
{
    if (op.attributes.string(attribute, std::string(wanted)) != wanted)
        throw Error("operation-kind")
            .expected(std::string(wanted) + " as " + attribute + " of a " + op.kind)
            .found(printable(op.attributes.string(attribute)));
}

Values lstm(const Operation& op, const Values& inputs)
{
    require(op, "activation", "tanh");
    require(op, "recurrent_activation", "sigmoid");
    const Direction d(op, inputs, 2);
    const auto [sequence, h, c] = at::lstm(d.input, d.states, d.weights, d.hasBias, 1, 0.0, false, false, d.batchFirst);
    return {d.inOrder(sequence), h[0], c[0]};
}

Values gru(const Operation& op, const Values& inputs)
{
    require(op, "activation", "tanh");
    require(op, "recurrent_activation", "sigmoid");
    if (!op.attributes.boolean("reset_after", true))
        throw Error("operation-kind").expected("reset_after, as PyTorch computes a gru").found("reset_after=False");
    const Direction d(op, inputs, 1);
    const auto [sequence, h] = at::gru(d.input, d.states[0], d.weights, d.hasBias, 1, 0.0, false, false, d.batchFirst);
    return {d.inOrder(sequence), h[0]};
}

Values rnn(const Operation& op, const Values& inputs)
{
    const Direction d(op, inputs, 1);
    const bool isRelu = op.attributes.string("activation", "tanh") == "relu";
    if (!isRelu)
        require(op, "activation", "tanh");
    const auto [sequence, h] = isRelu ? at::rnn_relu(d.input, d.states[0], d.weights, d.hasBias, 1, 0.0, false, false, d.batchFirst)
                                      : at::rnn_tanh(d.input, d.states[0], d.weights, d.hasBias, 1, 0.0, false, false, d.batchFirst);
    return {d.inOrder(sequence), h[0]};
}

at::Tensor embedding(const Operation& op, const at::Tensor& x)
{
    if (op.attributes.boolean("mask_zero", false))
        throw Error("operation-kind").expected("an embedding without a mask").found("mask_zero");
    const auto table = parameter(op, "embeddings");
    const auto indices = x.to(at::kLong);
    const bool isWhole = at::equal(indices.to(x.scalar_type()), x);
    if (!isWhole || (x.numel() > 0 && (indices.min().item<std::int64_t>() < 0 || indices.max().item<std::int64_t>() >= table.size(0))))
        throw Error("embedding-index").expected("whole numbers from 0 to " + std::to_string(table.size(0) - 1)).found("another value");
    return at::embedding(table, indices);
}

constexpr Forward table[] = {{"lstm", lstm}, {"gru", gru}, {"rnn", rnn}, {"embedding", one<embedding>}};

}

std::span<const Forward> recurrentForwards()
{
    return table;
}

}
