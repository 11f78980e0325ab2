// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/convert/twinmodel.h"

#include "core/formats/writers.h"
#include "core/json/json.h"
#include "core/layers/turned.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::convert {

namespace {

bool isLetter(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

bool isDigit(char letter)
{
    return letter >= '0' && letter <= '9';
}

/// Zeros, made when somebody reads them.
TensorSource zeros(DType dtype, const Shape& shape)
{
    const auto bytes = static_cast<std::size_t>(elementCount(shape)) * itemSize(dtype);
    return {dtype, shape, WorkerDataset{"zeros", [bytes] { return std::make_shared<const std::vector<std::byte>>(bytes); }}};
}

}

TwinModel::TwinModel(Framework framework)
{
    model.framework = framework;
    model.wired = true;
}

/// A name that the layer may bear: letters, digits and _, the first a letter; "features.0" is features_0. A number alone says nothing: such
/// a layer is called after what it is.
std::string TwinModel::uniqueName(std::string_view wanted, const Op& op)
{
    std::string name;
    for (const char letter : wanted)
        name += isLetter(letter) || isDigit(letter) ? letter : '_';
    if (name.empty() || std::all_of(name.begin(), name.end(), [](char letter) { return isDigit(letter) || letter == '_'; })) {
        const layers::Kind* kind = layers::kind(op.kind);
        const std::string_view className = kind ? layers::classIn(*kind, Framework::Keras) : std::string_view();
        name = className.empty() ? op.kind : formats::kerasLayerName(className);
    }
    if (!isLetter(name.front()))
        name = "layer_" + name;
    std::string unique = name;
    for (int number = 1; !m_taken.insert(unique).second; ++number)
        unique = fmt::format("{}_{}", name, number);
    return unique;
}

Port TwinModel::addInput(const std::string& name, const layers::Value& value)
{
    Op op;
    op.kind = "input";
    op.name = uniqueName(name, op);
    op.attributes.set("shape", Ints(value.shape.begin() + 1, value.shape.end()));
    model.ops.push_back(std::move(op));
    values.push_back(value);
    return Port(static_cast<int>(model.ops.size()) - 1);
}

int TwinModel::addOp(const std::string& layerKey, const std::string& wanted, Op op)
{
    const layers::Kind& kind = *layers::kind(op.kind);
    const auto [known, isNew] = m_layerNames.try_emplace(layerKey);
    if (isNew)
        known->second = uniqueName(wanted, op);
    op.layer = known->second;
    const int call = m_calls[op.layer]++;
    op.name = call == 0 ? op.layer : fmt::format("{}:call{}", op.layer, call);
    op.parameters.clear();
    const std::string_view className = layers::classIn(kind, model.framework);
    if (isNew)
        model.layers.push_back({op.layer, className.empty() ? "Activation" : std::string(className), {}, {}, true});
    model.ops.push_back(std::move(op));
    values.push_back({});
    const int index = static_cast<int>(model.ops.size()) - 1;
    const std::vector<layers::Value> given = inferredOf(kind, model.ops.back());
    for (std::size_t output = 0; output < given.size(); ++output)
        values[Port(index, static_cast<int>(output))] = given[output];
    return index;
}

int TwinModel::addLayer(const std::string& wanted, const layers::Gathered& layer, Port input)
{
    Op first;
    first.kind = layer.steps.steps.front().kind;
    const std::string name = uniqueName(wanted, first);
    const int index = static_cast<int>(model.ops.size());
    m_bearers[index] = layer.bearers;
    model.layers.push_back({name, layer.className, {{"config", dumpJson(layers::namedConfig(layer, name), -1)}}, {}, true});
    for (Op& op : layers::opsOf(layer.steps, name, name, index, {Input(input)})) {
        for (const auto& [role, own] : op.parameters)
            m_ownNames[{static_cast<int>(model.ops.size()), role}] = layers::namedParameter(layer, name, own);
        op.parameters.clear();
        op.type.clear();
        const layers::Kind& kind = *layers::kind(op.kind);
        model.ops.push_back(std::move(op));
        values.push_back({});
        const std::vector<layers::Value> given = inferredOf(kind, model.ops.back());
        for (std::size_t output = 0; output < given.size(); ++output)
            values[Port(static_cast<int>(model.ops.size()) - 1, static_cast<int>(output))] = given[output];
    }
    return index;
}

void TwinModel::finishLayers()
{
    std::set<int> giving; ///< ops of which more than the first output is read
    const auto read = [&](Port port) {
        if (port.output > 0)
            giving.insert(port.op);
    };
    for (const Op& op : model.ops)
        for (const Input& input : op.inputs)
            read(input.port);
    for (const Output& output : model.outputs)
        read(output.port);
    for (Layer& layer : model.layers) {
        if (!layers::isOfSteps(layer.kind) || layer.attributes.has("config"))
            continue;
        Json config = Json::object();
        for (const int index : model.opsOf(layer.name)) {
            const Op& op = model.ops[static_cast<std::size_t>(index)];
            if (config.empty())
                config = layers::kind(op.kind)->toKeras(op);
            if (giving.contains(index))
                config["return_state"] = true;
        }
        layer.attributes.set("config", dumpJson(config, -1));
    }
}

/// Where labels say otherwise or nothing of what is an image (after a Reshape), it lies as the framework has images.
std::vector<layers::Value> TwinModel::inferredOf(const layers::Kind& kind, const Op& op) const
{
    const layers::Call call(op, values);
    const layers::Value* input = call.find();
    const std::string_view letters =
        kind.inputAxes && input ? kind.inputAxes(op, model.framework, input->shape.size()) : std::string_view();
    if (letters.empty() || indexOf(input->axes, "C") == static_cast<int>(letters.find('C')))
        return layers::inferred(kind, call);
    const layers::Value image{input->shape, axesOf(letters)};
    return layers::inferred(kind, layers::Call(op, std::vector<const layers::Value*>(op.inputs.size(), &image)));
}

Port TwinModel::addUnknown(const layers::Value& value)
{
    model.ops.emplace_back();
    values.push_back(value);
    return Port(static_cast<int>(model.ops.size()) - 1);
}

Port TwinModel::bring(const There& value, const layers::Arrangement& wanted, const std::string& reader)
{
    if (value.arrangement == wanted)
        return value.port;
    if (const auto origin = m_origins.find(value.port); origin != m_origins.end())
        return bring(origin->second, wanted, reader);
    if (const auto known = m_brought.find({value.port, wanted}); known != m_brought.end())
        return known->second;
    Ints order;
    for (const std::size_t place : wanted)
        order.push_back(static_cast<std::int64_t>(layers::placeThere(value.arrangement, place)));
    if (order.empty() || order.front() != 0)
        throw Error("layer-no-twin").expected("the batch in front").found("a value whose batch lies elsewhere").at(printable(reader));
    Op op = layers::reordering(order);
    op.inputs = {Input(value.port)};
    const std::string name = reader + "_permute";
    const Port port(addOp(fmt::format("{}\n{}\n{}", name, value.port.op, value.port.output), name, std::move(op)));
    m_brought.emplace(std::pair(value.port, wanted), port);
    m_origins.emplace(port, value);
    return port;
}

void TwinModel::addParameters()
{
    for (int index = 0; index < static_cast<int>(model.ops.size()); ++index) {
        if (const auto bearers = m_bearers.find(index); bearers != m_bearers.end())
            for (const std::size_t step : bearers->second)
                addParameters(index + static_cast<int>(step));
        if (model.ops[static_cast<std::size_t>(index)].parameters.empty())
            addParameters(index);
    }
}

void TwinModel::addParameters(int index)
{
    Op& op = model.ops[static_cast<std::size_t>(index)];
    const auto layer = std::find_if(model.layers.begin(), model.layers.end(), [&](const Layer& one) { return one.name == op.layer; });
    std::vector<layers::Value> inputs;
    for (const Input& input : op.inputs)
        if (input.name.empty())
            inputs.push_back(*values[input.port]);
    for (const layers::Role& role : layers::rolesOf(op, model.framework, inputs)) {
        Shape shape;
        for (const layers::RoleAxis& axis : role.axes) {
            if (axis.size < 1)
                throw Error("layer-no-twin").expected("parameters of known sizes").found(role.role).at(printable(op.name));
            shape.push_back(axis.size);
        }
        const auto own = m_ownNames.find({index, role.role});
        const std::string name = formats::parameterName(model.framework, op.layer, own == m_ownNames.end() ? role.name : own->second);
        op.parameters[role.role] = name;
        if (std::find(layer->parameters.begin(), layer->parameters.end(), name) != layer->parameters.end())
            continue; // of an earlier call
        layer->parameters.push_back(name);
        Parameter parameter;
        parameter.name = name;
        parameter.layer = op.layer;
        parameter.role = role.role;
        parameter.source = zeros(role.axes.empty() ? DType::Int64 : DType::Float32, shape);
        parameter.trainable = !role.buffer;
        model.parameters.push_back(std::move(parameter));
    }
}

}
