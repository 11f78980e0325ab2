// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/steps.h"

#include "core/layers/attentionkinds.h"
#include "core/layers/imagekinds.h"
#include "core/layers/sequencekinds.h"

#include <algorithm>

namespace core::layers {

namespace {

struct TorchRow
{
    std::string_view className;
    Steps (*steps)(const TorchSpec&);
};

struct KerasRow
{
    std::string_view className;
    std::optional<Steps> (*steps)(const KerasSpec&, std::size_t inputs);
};

constexpr TorchRow torchTable[] = {{"LSTM", torchRecurrent},
                                   {"GRU", torchRecurrent},
                                   {"RNN", torchRecurrent},
                                   {"TransformerEncoderLayer", torchEncoderLayer},
                                   {"TransformerEncoder", torchEncoder}};

constexpr KerasRow kerasTable[] = {{"LSTM", kerasRecurrent},
                                   {"GRU", kerasRecurrent},
                                   {"SimpleRNN", kerasRecurrent},
                                   {"Bidirectional", kerasBidirectional},
                                   {"TimeDistributed", kerasTimeDistributed},
                                   {"SeparableConv1D", kerasSeparable},
                                   {"SeparableConv2D", kerasSeparable}};

}

std::optional<Steps> torchSteps(const TorchSpec& spec)
{
    for (const TorchRow& row : torchTable)
        if (row.className == spec.className)
            return row.steps(spec);
    return {};
}

std::optional<Steps> kerasSteps(const KerasSpec& spec, std::size_t inputs)
{
    for (const KerasRow& row : kerasTable)
        if (row.className == spec.className)
            return row.steps(spec, inputs);
    return {};
}

bool hasTorchSteps(std::string_view torchClass)
{
    return std::any_of(std::begin(torchTable), std::end(torchTable), [&](const TorchRow& row) { return row.className == torchClass; });
}

bool isOfSteps(std::string_view kerasClass)
{
    return std::any_of(std::begin(kerasTable), std::end(kerasTable), [&](const KerasRow& row) { return row.className == kerasClass; });
}

std::vector<Op> opsOf(const Steps& steps, const std::string& name, const std::string& layer, int first, const std::vector<Input>& inputs)
{
    std::vector<Op> result;
    for (const Step& step : steps.steps) {
        Op op;
        op.name = result.size() + 1 == steps.steps.size() ? name : name + ":" + step.name;
        op.kind = step.kind;
        op.layer = layer;
        op.attributes = step.attributes;
        op.parameters = step.parameters;
        if (const Kind* known = kind(step.kind))
            op.type = known->torchClasses.empty() ? "" : known->torchClasses.front();
        for (const auto& [inputName, port] : inputs.empty() ? std::vector<Input>() : step.inputs) {
            if (port.op >= 0)
                op.inputs.emplace_back(inputName, Port(first + port.op, port.output));
            else if (static_cast<std::size_t>(port.output) < inputs.size())
                op.inputs.emplace_back(inputName, inputs[static_cast<std::size_t>(port.output)].port);
        }
        result.push_back(std::move(op));
    }
    return result;
}

}
