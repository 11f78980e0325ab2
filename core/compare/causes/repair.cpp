// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/causes/cause.h"

#include <algorithm>

namespace core::compare {

namespace {

void setValues(Model& model, const std::string& name, const Tensor& values)
{
    for (Parameter& parameter : model.parameters) {
        const bool isShared = std::find(parameter.sharedWith.begin(), parameter.sharedWith.end(), name) != parameter.sharedWith.end() &&
                              parameter.source.shape == values.shape() && parameter.source.dtype == values.dtype();
        if (parameter.name == name || isShared)
            parameter.source = {values.dtype(), values.shape(), values.sharedBytes()};
    }
}

void addParameter(Model& model, const Parameter& parameter)
{
    if (model.parameter(parameter.name))
        return;
    model.parameters.push_back(parameter);
    for (Layer& layer : model.layers)
        if (layer.name == parameter.layer)
            layer.parameters.push_back(parameter.name);
}

void redirect(std::vector<NamedPort>& ports, Port from, Port to)
{
    for (NamedPort& named : ports)
        if (named.port == from)
            named.port = to;
}

/// Whoever took the op's first value takes what the op itself takes; the op stays, and nobody asks for it.
void bypass(Model& model, int op)
{
    const auto& inputs = model.ops[static_cast<std::size_t>(op)].inputs;
    if (inputs.empty())
        return;
    const Port source = inputs.front().port;
    for (std::size_t i = static_cast<std::size_t>(op) + 1; i < model.ops.size(); ++i)
        redirect(model.ops[i].inputs, op, source);
    redirect(model.outputs, op, source);
}

/// All ports by the numbers that ops have when one is put in at `place`.
void makePlace(Model& model, int place)
{
    const auto shift = [&](std::vector<NamedPort>& ports) {
        for (NamedPort& named : ports)
            if (named.port.op >= place)
                ++named.port.op;
    };
    for (Op& op : model.ops)
        shift(op.inputs);
    shift(model.inputs);
    shift(model.outputs);
}

/// The layer of an op that the file does not have.
void addLayer(Model& model, const Op& op)
{
    if (op.layer.empty() || model.layer(op.layer))
        return;
    Layer layer{op.layer, op.type.empty() ? op.kind : op.type, op.attributes, {}};
    for (const auto& [role, name] : op.parameters)
        layer.parameters.push_back(name);
    model.layers.push_back(std::move(layer));
}

void insertBehind(Model& model, int op, Op inserted)
{
    const int place = op + 1;
    makePlace(model, place);
    for (std::size_t i = static_cast<std::size_t>(place); i < model.ops.size(); ++i)
        redirect(model.ops[i].inputs, op, place);
    redirect(model.outputs, op, place);
    inserted.inputs = {Input(op)};
    addLayer(model, inserted);
    model.ops.insert(model.ops.begin() + place, std::move(inserted));
}

}

Model repaired(const Model& model, const Repair& repair)
{
    Model result = model;
    for (const Parameter& parameter : repair.added)
        addParameter(result, parameter);
    for (const auto& [name, values] : repair.values)
        setValues(result, name, values);
    for (const auto& [name, settings] : repair.settings)
        if (const int op = result.opIndex(name); op >= 0) {
            Op& edited = result.ops[static_cast<std::size_t>(op)];
            if (edited.kind != settings.kind)
                edited.type.clear();
            edited.kind = settings.kind;
            edited.attributes = settings.attributes;
            edited.parameters = settings.parameters;
        }
    for (const std::string& name : repair.removed)
        if (const int op = result.opIndex(name); op >= 0)
            bypass(result, op);
    for (const auto& [name, ops] : repair.inserted)
        for (auto inserted = ops.rbegin(); inserted != ops.rend(); ++inserted)
            if (const int op = result.opIndex(name); op >= 0)
                insertBehind(result, op, *inserted);
    if (!repair.inserted.empty() || !repair.added.empty())
        result.indexNames();
    return result;
}

}
