// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/causes/part.h"

#include <algorithm>
#include <set>

namespace core::compare {

namespace {

/// An input under the name of what gives it.
Op inputFor(const Model& model, Port port)
{
    Op op;
    op.name = model.ops[static_cast<std::size_t>(port.op)].name;
    if (port.output > 0)
        op.name += ":" + std::to_string(port.output);
    op.kind = "input";
    return op;
}

void addParameters(Part& part, const Model& model)
{
    std::set<std::string> names;
    for (const Op& op : part.model.ops)
        for (const auto& [role, name] : op.parameters)
            names.insert(name);
    for (const std::string& name : names)
        if (const Parameter* parameter = model.parameter(name)) {
            Parameter copy = *parameter;
            if (copy.problem.empty()) {
                const Tensor values = read(copy.source);
                copy.source = {values.dtype(), values.shape(), values.sharedBytes()};
            }
            part.model.parameters.push_back(std::move(copy));
        }
}

}

Part partOf(const Model& model, const Group& group)
{
    Part part;
    part.model.framework = model.framework;
    part.model.origin = model.origin;
    part.model.wired = true;
    std::map<Port, Port> places;
    for (const Port port : group.inputs) {
        const int place = static_cast<int>(part.model.ops.size());
        places[port] = place;
        part.model.ops.push_back(inputFor(model, port));
        part.inputs[port] = part.model.ops.back().name;
    }
    std::map<int, int> moved;
    for (const int index : group.ops) {
        Op op = model.ops[static_cast<std::size_t>(index)];
        for (Input& input : op.inputs) {
            const auto outside = places.find(input.port);
            input.port = outside != places.end() ? outside->second : Port(held(moved, input.port.op), input.port.output);
        }
        moved[index] = static_cast<int>(part.model.ops.size());
        part.model.ops.push_back(std::move(op));
    }
    part.output = Port(held(moved, group.output.op), group.output.output);
    part.model.outputs = {Output(part.output)};
    for (const Layer& layer : model.layers)
        if (std::any_of(part.model.ops.begin(), part.model.ops.end(), [&](const Op& op) { return op.layer == layer.name; }))
            part.model.layers.push_back(layer);
    addParameters(part, model);
    return part;
}

std::optional<Tensor> runPart(const Part& part, const Repair& repair, const engines::Feeds& feeds, const Progress& progress)
{
    const auto model = std::make_shared<const Model>(repaired(part.model, repair));
    engines::Feeds given;
    for (const auto& [port, value] : feeds)
        if (const auto input = part.inputs.find(port); input != part.inputs.end())
            given.emplace(model->opIndex(input->second), value);
    const auto engine = engines::makeEngine(model, progress);
    const Port output = model->outputs.front().port;
    const engines::Trace trace = engine->run(given, {output}, progress);
    const Tensor* result = valueOf({model.get(), &trace}, output);
    return result ? std::optional(*result) : std::nullopt;
}

}
