// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/follow.h"
#include "core/layers/window.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::layers {

namespace {

std::vector<Value> inferOne(const Model& model, const Op& op, const Values& values, std::string& problem)
{
    const Kind* k = kind(op.kind);
    const Call call(op, values);
    if (!call.isKnown())
        return {};
    if (!layoutProblem(model.framework, call).empty())
        return {}; // permuted before: what it takes for channels is not what they were
    try {
        if (!k || !k->infer || !op.unsupported.empty()) {
            const auto result = followed(call, model.framework);
            return result ? std::vector{*result} : std::vector<Value>();
        }
        checkParameters(model, call);
        return inferred(*k, call);
    } catch (const Error& error) {
        problem = error.what();
        return {};
    }
}

}

std::string inputsProblem(const Kind& kind, const Op& op)
{
    std::size_t plain = 0;
    for (const Input& input : op.inputs) {
        const auto& known = kind.takes.named;
        if (input.name.empty())
            ++plain;
        else if (std::find(known.begin(), known.end(), input.name) == known.end())
            return fmt::format("it takes an input called {}, which Tieout does not know of this kind", printable(input.name));
    }
    const auto& [least, most, named] = kind.takes;
    if (plain >= least && plain <= most)
        return {};
    const std::string wanted = least == most        ? (least == 1 ? "one input" : fmt::format("{} inputs", least))
                               : most == Takes::any ? fmt::format("at least {} inputs", least)
                                                    : fmt::format("{} to {} inputs", least, most);
    return fmt::format("it takes {}, not {}", wanted, plain);
}

int outputCount(const Op& op)
{
    const Kind* k = kind(op.kind);
    return !k ? 0 : k->outputs ? k->outputs(op) : 1;
}

std::vector<Value> inferred(const Kind& kind, const Call& call)
{
    if (const std::string problem = inputsProblem(kind, call.op); !problem.empty())
        throw Error("op-inputs").expected("the inputs of a layer of this kind").found(problem).at(printable(call.op.name));
    std::vector<Value> result = kind.infer(call);
    for (const Value& value : result)
        elementCount(value.shape);
    return result;
}

void checkParameters(const Model& model, const Call& call)
{
    const Op& op = call.op;
    const Value* input = call.find();
    const auto inputs = input ? std::span(input, 1) : std::span<const Value>();
    for (const Role& role : rolesOf(op, model.framework, inputs)) {
        const auto name = op.parameters.find(role.role);
        const Parameter* parameter = name == op.parameters.end() ? nullptr : model.parameter(name->second);
        if (!parameter || role.axes.empty() || role.axes.back().size == anyRank)
            continue;
        Shape wanted = parameter->source.shape;
        wanted.resize(role.axes.size(), -1);
        for (std::size_t i = 0; i < role.axes.size(); ++i)
            if (role.axes[i].size > 0)
                wanted[i] = role.axes[i].size;
        if (wanted != parameter->source.shape)
            throw Error("parameter-shape")
                .expected(fmt::format("shape {}", text(wanted)))
                .found(text(parameter->source.shape))
                .at(printable(parameter->name));
    }
}

Values inferValues(const Model& model, std::span<const Value> inputs, std::map<int, std::string>* problems)
{
    Values values(model.ops.size());
    const std::vector<int> inputOps = model.inputOps();
    for (std::size_t i = 0; i < std::min(inputs.size(), inputOps.size()); ++i)
        if (!inputs[i].shape.empty()) // not even a batch: not known
            values[Port(inputOps[i])] = inputs[i];
    for (std::size_t i = 0; i < model.ops.size(); ++i) {
        if (model.ops[i].kind == "input")
            continue;
        std::string problem;
        std::vector<Value> results = inferOne(model, model.ops[i], values, problem);
        for (std::size_t output = 0; output < results.size(); ++output)
            values[Port(static_cast<int>(i), static_cast<int>(output))] = std::move(results[output]);
        if (problems && !problem.empty())
            problems->emplace(static_cast<int>(i), problem);
    }
    return values;
}

Axes usualAxes(Framework framework, std::size_t rank)
{
    const bool isKeras = framework == Framework::Keras;
    switch (rank) {
    case 2:
        return axesOf("NF");
    case 3:
        return axesOf("NTF");
    case 4:
        return axesOf(isKeras ? "NHWC" : "NCHW");
    default: {
        Axes axes(rank);
        if (rank > 0)
            axes[0].name = "N";
        return axes;
    }
    }
}

Value inputValue(const Model& model, int inputOp, const Shape& shape)
{
    Value value;
    value.shape = {1};
    value.shape.insert(value.shape.end(), shape.begin(), shape.end());
    std::vector<bool> isSame(model.ops.size());
    if (inputOp >= 0 && static_cast<std::size_t>(inputOp) < isSame.size())
        isSame[static_cast<std::size_t>(inputOp)] = true;
    for (std::size_t i = 0; i < model.ops.size(); ++i) {
        const Op& op = model.ops[i];
        const bool takes = std::any_of(op.inputs.begin(), op.inputs.end(), [&](const Input& input) {
            return input.port.output == 0 && input.port.op >= 0 && static_cast<std::size_t>(input.port.op) < i &&
                   isSame[static_cast<std::size_t>(input.port.op)];
        });
        if (!takes)
            continue;
        const Kind* k = kind(op.kind);
        const std::string_view wanted = k && k->inputAxes ? k->inputAxes(op, model.framework, value.shape.size()) : std::string_view();
        isSame[i] = keepsAxes(op) || effectOf(op) == Effect::Merges;
        if (wanted.size() != value.shape.size())
            continue;
        if (!isSame[i]) {
            value.axes = axesOf(wanted);
            return value;
        }
        if (value.axes.empty()) // of a normalization, say: what takes the same values behind it may know better
            value.axes = axesOf(wanted);
    }
    if (value.axes.empty())
        value.axes = usualAxes(model.framework, value.shape.size());
    return value;
}

std::int64_t indexedRows(const Model& model, int inputOp)
{
    for (const Op& op : model.ops) {
        const Kind* k = kind(op.kind);
        const bool takes = std::any_of(op.inputs.begin(), op.inputs.end(), [&](const Input& input) { return input.port == Port(inputOp); });
        if (takes && k && k->indexes)
            return op.attributes.integer("rows", 0);
    }
    return 0;
}

Value inputValue(const Model& model, const Shape& shape)
{
    const std::vector<int> inputs = model.inputOps();
    return inputValue(model, inputs.empty() ? -1 : inputs.front(), shape);
}

Axes inLayoutOf(Framework framework, const Axes& axes)
{
    const int channels = indexOf(axes, "C");
    if (channels < 1 || axes.size() < 3)
        return axes;
    Axes result = axes;
    result.erase(result.begin() + channels);
    result.insert(framework == Framework::Keras ? result.end() : result.begin() + 1, axes[static_cast<std::size_t>(channels)]);
    return result;
}

Shape reordered(const Shape& shape, const Axes& axes, const Axes& target)
{
    if (axes.size() != shape.size() || target.size() != shape.size())
        return shape;
    Shape result(shape.size(), 0);
    std::vector<bool> isTaken(shape.size());
    for (std::size_t d = 0; d < target.size(); ++d)
        if (const int from = target[d].name.empty() ? -1 : indexOf(axes, target[d].name); from >= 0) {
            result[d] = shape[static_cast<std::size_t>(from)];
            isTaken[static_cast<std::size_t>(from)] = true;
        }
    std::size_t next = 0;
    for (std::size_t d = 0; d < target.size(); ++d) {
        if (!target[d].name.empty() && indexOf(axes, target[d].name) >= 0)
            continue;
        while (isTaken[next])
            ++next;
        result[d] = shape[next++];
    }
    return result;
}

}
