// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/calls.h"
#include "core/layers/follow.h"
#include "core/mapping/inputs.h"
#include "core/mapping/labelled.h"

#include <algorithm>

namespace core::compare {

namespace {

/// What a group of ops takes from outside and what it gives.
struct Group
{
    std::vector<Port> inputs; ///< values from outside, in order of use
    int output = -1;
};

/// The ops of a call and all between them (an op left out of the link, such as a Dropout, that lies on the way).
Group groupOf(const Model& model, const Call& call)
{
    Group group;
    group.output = call.back();
    std::vector<bool> inside(model.ops.size()), below(model.ops.size());
    for (const int op : call)
        inside[static_cast<std::size_t>(op)] = true;
    for (std::size_t i = 0; i < model.ops.size(); ++i)
        below[i] = inside[i] || std::any_of(model.ops[i].inputs.begin(), model.ops[i].inputs.end(),
                                            [&](const Input& input) { return below[static_cast<std::size_t>(input.port.op)]; });
    for (std::size_t i = model.ops.size(); i-- > 0;)
        if (inside[i])
            for (const int input : producers(model.ops[i]))
                if (below[static_cast<std::size_t>(input)])
                    inside[static_cast<std::size_t>(input)] = true;
    for (std::size_t i = 0; i < model.ops.size(); ++i)
        if (inside[i])
            for (const Input& input : model.ops[i].inputs)
                if (!inside[static_cast<std::size_t>(input.port.op)] &&
                    std::find(group.inputs.begin(), group.inputs.end(), input.port) == group.inputs.end())
                    group.inputs.push_back(input.port);
    return group;
}

/// A value of the left run as the right op would have given it.
std::optional<Tensor> feedFor(const Tensor& value, const std::optional<layers::Value>& like)
{
    if (!like || value.shape().empty())
        return {};
    Shape shape = like->shape;
    shape.front() = value.shape().front(); // shapes are inferred for one sample
    return value.relabelled(shape, like->axes);
}

/// Which producer feeds the right group with what one of the left group's feeds it with; empty when that is not sure.
PortPairs pairedProducers(std::vector<Port> leftPorts, std::vector<Port> rightPorts, const Model& left, const Model& right,
                          const mapping::Mapping& mapping)
{
    PortPairs pairs;
    const auto inputs = leftPorts.size() > 1 ? mapping::pairedInputs(left, right, mapping) : mapping::PairedOps();
    takePairs(leftPorts, rightPorts, pairs,
              [&](Port a, Port b) { return std::find(inputs.begin(), inputs.end(), std::pair(a.op, b.op)) != inputs.end(); });
    takePairs(leftPorts, rightPorts, pairs, [&](Port a, Port b) {
        const mapping::Link* link = linkOf(mapping, left, a.op, true, false);
        return link && link == linkOf(mapping, right, b.op, false, false) && a.output == b.output;
    });
    if (leftPorts.size() == 1 && rightPorts.size() == 1)
        pairs.emplace_back(leftPorts.front(), rightPorts.front());
    else if (!leftPorts.empty() || !rightPorts.empty())
        pairs.clear();
    return pairs;
}

/// Throws Error where the right group cannot run on what the left one was given.
LayerAlone alone(const std::pair<Call, Call>& call, const Side& left, engines::Engine& engine, const mapping::Labelled& right,
                 const mapping::Mapping& mapping)
{
    const Group leftGroup = groupOf(*left.model, call.first), rightGroup = groupOf(right.model, call.second);
    const Tensor* own = valueOf(left, leftGroup.output);
    if (!own)
        return {};
    engines::Feeds feeds;
    for (const auto& [producer, fed] : pairedProducers(leftGroup.inputs, rightGroup.inputs, *left.model, right.model, mapping)) {
        const Tensor* value = valueOf(left, producer);
        const auto feed = value ? feedFor(*value, right.values[fed]) : std::nullopt;
        if (!feed)
            return {};
        feeds.emplace(fed, *feed);
    }
    if (feeds.empty())
        return {};
    const engines::Trace part = engine.run(feeds, {Port(rightGroup.output)});
    const Tensor* result = valueOf({&right.model, &part}, rightGroup.output);
    if (!result)
        return {};
    const auto& labels = right.values[Port(rightGroup.output)]; // alone it is not told what is made of it
    const Tensor labelled = labels && labels->axes.size() == result->shape().size() ? result->withAxes(labels->axes) : *result;
    const Tensor brought = broughtToLayout(*own, labelled);
    return {brought, labelled, metrics(brought, labelled)};
}

/// The right model with the labels that a part of it needs.
mapping::Labelled labelledFor(const Model& right, const Side& left)
{
    mapping::Labelled labelled = mapping::labelled(right, mapping::inputShapeFor(right, left.model));
    layers::labelUnflattened(labelled.model, labelled.values);
    return labelled;
}

/// The call that a result tells of; empty when the mapping has it no more.
std::optional<std::pair<Call, Call>> callOf(const LayerResult& layer, const Model& left, const Model& right,
                                            const mapping::Mapping& mapping)
{
    for (const mapping::Link& link : mapping.links) {
        if (std::find(link.left.begin(), link.left.end(), layer.left) == link.left.end() ||
            std::find(link.right.begin(), link.right.end(), layer.right) == link.right.end())
            continue;
        for (auto& call : pairedCalls(link, left, right, mapping))
            if (call.first.back() == layer.leftOp && call.second.back() == layer.rightOp)
                return std::move(call);
    }
    return {};
}

}

LayerAlone layerAlone(const LayerResult& layer, const Side& left, engines::Engine& right, const mapping::Mapping& mapping)
{
    const auto call = callOf(layer, *left.model, right.model(), mapping);
    return call ? alone(*call, left, right, labelledFor(right.model(), left), mapping) : LayerAlone();
}

void addLocalErrors(Report& report, const Side& left, engines::Engine& right, const mapping::Mapping& mapping, const Progress& progress)
{
    const mapping::Labelled labelled = labelledFor(right.model(), left);
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        LayerResult& layer = report.layers[i];
        progress.report(static_cast<double>(i) / static_cast<double>(report.layers.size()));
        layer.localScaledMax.reset();
        try {
            if (const auto call = callOf(layer, *left.model, right.model(), mapping))
                if (const LayerAlone measured = alone(*call, left, right, labelled, mapping); measured.metrics)
                    layer.localScaledMax = measured.metrics->scaledMax;
        } catch (const Error&) { // the group cannot run on these inputs: no local error
        }
    }
}

}
