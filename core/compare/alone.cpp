// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/alone.h"
#include "core/layers/follow.h"
#include "core/mapping/inputs.h"

#include <algorithm>
#include <limits>

namespace core::compare {

namespace {

bool takesAny(const Op& op, const std::vector<bool>& ops)
{
    return std::any_of(op.inputs.begin(), op.inputs.end(),
                       [&](const Input& input) { return input.port.op >= 0 && ops[static_cast<std::size_t>(input.port.op)]; });
}

/// Marks what lies between the marked ops, and what is loose before them.
void close(const Model& model, std::vector<bool>& inside, const std::vector<bool>& loose)
{
    std::vector<bool> below = inside;
    for (std::size_t i = 0; i < model.ops.size(); ++i)
        below[i] = below[i] || takesAny(model.ops[i], below);
    for (std::size_t i = model.ops.size(); i-- > 0;)
        if (inside[i])
            for (const int input : producers(model.ops[i]))
                if (const auto place = static_cast<std::size_t>(input); input >= 0 && (below[place] || (!loose.empty() && loose[place])))
                    inside[place] = true;
}

/// A value of the left run as the right op would have given it. Throws Error("axes-disagree").
std::optional<Tensor> feedFor(const Tensor& value, const std::optional<layers::Value>& like)
{
    if (!like || value.shape().empty())
        return {};
    Shape shape = like->shape;
    if (!value.axes().empty() && value.axes().size() == like->axes.size()) // other sizes than the right run's: a fault further up
        shape = layers::reordered(value.shape(), value.axes(), like->axes);
    shape.front() = value.shape().front(); // shapes are inferred for one sample
    return value.relabelled(shape, like->axes);
}

/// Which producer feeds the right group with what one of the left group's feeds it with; empty when that is not sure.
PortPairs pairedProducers(std::vector<Port> leftPorts, std::vector<Port> rightPorts, const Bench& bench)
{
    PortPairs pairs;
    const Model &left = *bench.left.model, &right = bench.right.model;
    const auto inputs = leftPorts.size() > 1 ? mapping::pairedInputs(left, right, bench.mapping) : mapping::PairedOps();
    takePairs(leftPorts, rightPorts, pairs,
              [&](Port a, Port b) { return std::find(inputs.begin(), inputs.end(), std::pair(a.op, b.op)) != inputs.end(); });
    takePairs(leftPorts, rightPorts, pairs, [&](Port a, Port b) {
        const mapping::Link* link = linkOf(bench.mapping, left, a.op, true, false);
        return link && link == linkOf(bench.mapping, right, b.op, false, false) && a.output == b.output;
    });
    if (leftPorts.size() == 1 && rightPorts.size() == 1)
        pairs.emplace_back(leftPorts.front(), rightPorts.front());
    else if (!leftPorts.empty() || !rightPorts.empty())
        pairs.clear();
    return pairs;
}

bool isInput(const Model& model, Port port)
{
    return model.ops[static_cast<std::size_t>(port.op)].kind == "input";
}

/// What the right group takes there: of the model's inputs what its own run took, for both sides have them as they are to have them.
std::optional<Tensor> fedAt(Port leftPort, Port rightPort, const Bench& bench)
{
    if (bench.rightTrace && isInput(*bench.left.model, leftPort) && isInput(bench.right.model, rightPort))
        if (const Tensor* own = valueOf({&bench.right.model, bench.rightTrace}, rightPort))
            return *own;
    const Tensor* value = valueOf(bench.left, leftPort);
    return value ? feedFor(*value, bench.right.values[rightPort]) : std::nullopt;
}

bool isSameBehindBatch(const Shape& a, const Shape& b)
{
    return a.size() == b.size() && !a.empty() && std::equal(a.begin() + 1, a.end(), b.begin() + 1);
}

}

Group groupOf(const Model& model, const Call& call, const std::vector<bool>& loose)
{
    Group group;
    group.output = call.back();
    std::vector<bool> inside(model.ops.size());
    for (const int op : call)
        inside[static_cast<std::size_t>(op)] = true;
    close(model, inside, loose);
    for (std::size_t i = 0; i < model.ops.size(); ++i) {
        if (!inside[i])
            continue;
        group.ops.push_back(static_cast<int>(i));
        for (const Input& input : model.ops[i].inputs)
            if (!inside[static_cast<std::size_t>(input.port.op)] &&
                std::find(group.inputs.begin(), group.inputs.end(), input.port) == group.inputs.end())
                group.inputs.push_back(input.port);
    }
    return group;
}

std::vector<bool> looseOps(const Model& model, const mapping::Mapping& mapping, bool onLeft)
{
    std::vector<bool> loose(model.ops.size());
    for (std::size_t i = 0; i < model.ops.size(); ++i)
        loose[i] = model.ops[i].kind != "input" && !linkOf(mapping, model, static_cast<int>(i), onLeft, false);
    return loose;
}

Bench::Bench(const Side& leftSide, const Model& rightModel, const engines::Trace* trace, const mapping::Mapping& links)
    : left(leftSide), right(mapping::labelled(rightModel, mapping::inputShapeFor(rightModel, leftSide.model))), rightTrace(trace),
      mapping(links), looseLeft(looseOps(*leftSide.model, links, true)), looseRight(looseOps(rightModel, links, false))
{
    layers::labelUnflattened(right.model, right.values);
}

std::optional<Alone> aloneOf(const std::pair<Call, Call>& call, const Bench& bench, bool withLoose)
{
    Alone alone;
    alone.left = groupOf(*bench.left.model, call.first, withLoose ? bench.looseLeft : std::vector<bool>());
    alone.right = groupOf(bench.right.model, call.second, withLoose ? bench.looseRight : std::vector<bool>());
    const Tensor* own = valueOf(bench.left, alone.left.output);
    if (!own)
        return {};
    alone.own = *own;
    try {
        for (const auto& [producer, fed] : pairedProducers(alone.left.inputs, alone.right.inputs, bench)) {
            const auto feed = fedAt(producer, fed, bench);
            if (!feed)
                return {};
            alone.feeds.emplace(fed, *feed);
        }
    } catch (const Error&) { // the left's value cannot be what the right takes
        return {};
    }
    return alone.feeds.empty() ? std::nullopt : std::optional(std::move(alone));
}

std::vector<Alone> alonesOf(const std::pair<Call, Call>& call, const Bench& bench)
{
    std::vector<Alone> result;
    if (auto wide = aloneOf(call, bench, true))
        result.push_back(std::move(*wide));
    auto narrow = aloneOf(call, bench, false);
    if (narrow && (result.empty() || narrow->left.ops != result.front().left.ops || narrow->right.ops != result.front().right.ops))
        result.push_back(std::move(*narrow));
    return result;
}

double Outcome::error() const
{
    return metrics ? metrics->scaledMax : std::numeric_limits<double>::infinity();
}

Outcome outcomeOf(const Alone& alone, const Tensor* result, const Bench& bench)
{
    if (!result)
        return {};
    const auto& labels = bench.right.values[alone.right.output]; // alone it is not told what is made of it
    const bool takes = labels && labels->axes.size() == result->shape().size() && isSameBehindBatch(labels->shape, result->shape());
    const Tensor labelled = takes ? result->withAxes(labels->axes) : *result;
    try {
        const Tensor brought = broughtToLayout(alone.own, labelled);
        return {metrics(brought, labelled), false, brought, labelled};
    } catch (const Error&) { // of other sizes, or in an order that nobody tells
        return {{}, alone.own.count() != labelled.count(), alone.own, labelled};
    }
}

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
