// SPDX-License-Identifier: GPL-3.0-or-later
// lstm, gru, rnn_tanh and rnn_relu: several ops for one operator, and a tuple of values.
#include "core/base/held.h"
#include "core/formats/aten/atenarguments.h"
#include "core/formats/torch/torchlayer.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::formats {

using Type = AtenValue::Type;

namespace {

/// What marks a tuple of the last states of all layers and directions, one tensor in PyTorch; and zeros.
constexpr const char *statesMark = "states", *zerosMark = "zeros";

bool isStates(const AtenValue& value)
{
    return value.is(Type::Tuple) && value.text == statesMark;
}

bool holdsStates(const AtenValue& value)
{
    if (isStates(value))
        return true;
    return value.items && std::any_of(value.items->values.begin(), value.items->values.end(), isStates);
}

std::string classOf(std::string_view name)
{
    return name == "lstm" ? "LSTM" : name == "gru" ? "GRU" : "RNN";
}

/// What the call's stored weights are called in torch.nn, in the order in which the operator takes them. Throws Error("layer-unsupported").
std::map<std::string, std::string> weightNames(const AtenValue& list, std::int64_t layers, bool both, bool hasBias)
{
    const std::size_t each = hasBias ? 4 : 2, directions = both ? 2 : 1;
    if (!list.isSequence() || list.items->isUnknown || layers < 1 ||
        list.items->values.size() != each * directions * static_cast<std::size_t>(layers))
        layers::unsupported("other weights than its layers have (a projection, say)", "two weights and two biases each");
    std::map<std::string, std::string> result;
    auto value = list.items->values.begin();
    for (std::int64_t layer = 0; layer < layers; ++layer)
        for (std::size_t direction = 0; direction < directions; ++direction)
            for (const char* name : {"weight_ih", "weight_hh", "bias_ih", "bias_hh"}) {
                if (!hasBias && std::string_view(name).starts_with("bias"))
                    continue;
                if (!value->is(Type::Parameter) || value->isTransposed)
                    layers::unsupported("a weight that is computed", "stored ones");
                result.emplace(fmt::format("{}_l{}{}", name, layer, direction == 0 ? "" : "_reverse"), value->text);
                ++value;
            }
    return result;
}

}

/// The recurrent operators of ATen, and the zeros that they start with.
bool AtenGraph::recurs(const AtenCall& call, std::string_view name, AtenValue& result)
{
    constexpr std::array<std::string_view, 3> zeros{"zeros", "new_zeros", "zeros_like"};
    constexpr std::array<std::string_view, 4> known{"lstm", "gru", "rnn_tanh", "rnn_relu"};
    if (std::find(zeros.begin(), zeros.end(), name) != zeros.end()) {
        result = AtenValue::unknown();
        result.text = zerosMark;
        return true;
    }
    const AtenValue input = argumentOf(call, 0, "input"), hx = argumentOf(call, 1, "hx"), weights = argumentOf(call, 2, "params");
    if (std::find(known.begin(), known.end(), name) == known.end() || !input.is(Type::Tensor))
        return false;
    const bool both = argumentOf(call, 7, "bidirectional").integer != 0, hasBias = argumentOf(call, 3, "has_biases").integer != 0;
    const std::int64_t layers = argumentOf(call, 4, "num_layers").integer;
    layers::TorchSpec spec{classOf(name), {}, {}};
    spec.raw = {{"num_layers", layers},
                {"bidirectional", both},
                {"bias", hasBias},
                {"batch_first", argumentOf(call, 8, "batch_first").integer != 0}};
    if (spec.className == "RNN")
        spec.raw.set("nonlinearity", std::string(name.substr(4)));
    try {
        if (argumentOf(call, 6, "train").integer != 0 && argumentOf(call, 5, "dropout").number() != 0 && layers > 1)
            layers::unsupported("values dropped at random between its layers (training mode)", "inference");
        const auto names = weightNames(weights, layers, both, hasBias);
        const auto first = m_parameters.find(held(names, std::string("weight_hh_l0")));
        if (first == m_parameters.end() || first->second->source.shape.size() != 2)
            layers::unsupported("weights that are no matrices", "matrices");
        spec.raw.set("hidden_size", first->second->source.shape[1]);
        const layers::Steps steps = *layers::torchSteps(spec);
        std::vector<Input> inputs{Port(static_cast<int>(opOf(input.value)), input.output)};
        const std::vector<AtenValue> states = hx.isSequence() && !isStates(hx) ? hx.items->values : std::vector{hx};
        for (const AtenValue& state : states) {
            if (state.text == zerosMark && state.is(Type::Unknown))
                continue;
            if (!isStates(state) || state.items->values.size() != static_cast<std::size_t>(layers) * (both ? 2U : 1U))
                layers::unsupported("initial states of its own", "zeros, or the last states of another recurrent layer");
            for (const AtenValue& one : state.items->values)
                inputs.emplace_back("initial_state", Port(static_cast<int>(opOf(one.value)), one.output));
        }
        result = addSteps(call, name, steps, names, inputs, input.value);
    } catch (const Error& error) {
        Bound bound = bind(call, name);
        Node node;
        result = add(call, name, bound, std::move(node));
        m_model.ops.back().unsupported = error.what();
    }
    return true;
}

/// Appends the steps and gives back the tuple that the operator does. `inputs` has the sequence, then all h, then all c to start with.
AtenValue AtenGraph::addSteps(const AtenCall& call, std::string_view name, const layers::Steps& steps,
                              const std::map<std::string, std::string>& names, const std::vector<Input>& inputs, int batchOf)
{
    std::map<std::string, Shape> shapes;
    for (const auto& [own, full] : names)
        if (const auto found = m_parameters.find(full); found != m_parameters.end())
            shapes.emplace(own, found->second->source.shape);
    std::vector<Op> ops = layers::opsOf(steps, std::string(name), "", static_cast<int>(m_model.ops.size()), inputs);
    std::vector<AtenValue> values;
    std::size_t cells = 0, cell = 0;
    for (const layers::Step& step : steps.steps)
        cells += step.parameters.empty() ? 0U : 1U;
    for (std::size_t i = 0; i < ops.size(); ++i) {
        Op& op = ops[i];
        Node node;
        node.module = call.module;
        node.invocation = call.invocation;
        node.name = i + 1 == ops.size() ? std::string(name) : steps.steps[i].name;
        node.className = op.type;
        node.rank = 3;
        if (op.attributes.integer("time", 1) == 1)
            node.batch = nodeOf(batchOf).batch;
        if (!steps.steps[i].parameters.empty()) {
            takeStepParameters(op, names, shapes);
            for (std::size_t state = 0; state < (inputs.size() - 1) / cells; ++state)
                op.inputs.push_back(inputs[1 + state * cells + cell]);
            ++cell;
        }
        values.push_back(append(std::move(op), std::move(node)));
    }
    const auto valueAt = [&](Port port) {
        AtenValue value = values[static_cast<std::size_t>(port.op)];
        value.output = port.output;
        return value;
    };
    std::vector<AtenValue> tuple{valueAt(steps.outputs.front())};
    for (std::size_t from = 1; from < steps.outputs.size(); from += cells) {
        std::vector<AtenValue> states;
        for (std::size_t k = from; k < from + cells; ++k)
            states.push_back(valueAt(steps.outputs[k]));
        tuple.push_back(AtenValue::ofItems(Type::Tuple, std::move(states)));
        tuple.back().text = statesMark;
    }
    return AtenValue::ofItems(Type::Tuple, std::move(tuple));
}

/// One of the last states of a recurrent operator. An h is where the sequence ends that it belongs to.
bool AtenGraph::takesState(const AtenCall& call, std::string_view name, AtenValue& result)
{
    const AtenValue states = call.arguments.empty() ? AtenValue() : call.arguments[0].second;
    if (std::none_of(call.arguments.begin(), call.arguments.end(), [](const auto& argument) { return holdsStates(argument.second); }))
        return false;
    const auto size = isStates(states) ? static_cast<std::int64_t>(states.items->values.size()) : 0;
    const AtenValue dimension = argumentOf(call, 1, "dim"), index = argumentOf(call, 2, "index");
    const bool isFirst = dimension.is(Type::Integer) && (dimension.integer == 0 || dimension.integer == -3);
    std::int64_t place = -1;
    if (name == "select" && isFirst && index.is(Type::Integer))
        place = index.integer < 0 ? index.integer + size : index.integer;
    else if (name == "squeeze" && size == 1 && isFirst)
        place = 0;
    if (place < 0 || place >= size) {
        Op op;
        op.unsupported = "it takes the last states of all layers in one, Tieout follows one of them at a time";
        op.type = name;
        Bound bound = bind(call, name);
        for (const AtenValue& tensor : bound.tensors)
            op.inputs.emplace_back(Port(static_cast<int>(opOf(tensor.value)), tensor.output));
        Node node;
        node.module = call.module;
        node.invocation = call.invocation;
        node.name = name;
        result = append(std::move(op), std::move(node));
        return true;
    }
    const AtenValue& state = states.items->values[static_cast<std::size_t>(place)];
    if (state.output != 1) {
        result = state;
        return true;
    }
    const Attributes settings = m_model.ops[opOf(state.value)].attributes;
    const bool isFirstInTime = settings.boolean("reverse") && !settings.boolean("turned");
    AtenValue sequence = state;
    sequence.output = 0;
    AtenCall last{"select",
                  {{"self", sequence},
                   {"dim", AtenValue::ofInteger(settings.integer("time"))},
                   {"index", AtenValue::ofInteger(isFirstInTime ? 0 : -1)}},
                  call.module,
                  call.invocation};
    Bound bound = bind(last, "select");
    result = add(last, "select", bound, Node());
    return true;
}

}
