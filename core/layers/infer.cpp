// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/follow.h"

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
    const Axes& axes = call.at(0)->axes;
    if (takesImage(op) && axes.size() == 4 && axes != inputValue(model.framework, {1, 1, 1}).axes)
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
        if (!parameter || role.axes.empty())
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

Value inputValue(Framework framework, const Shape& shape)
{
    Value value;
    value.shape = {1};
    value.shape.insert(value.shape.end(), shape.begin(), shape.end());
    switch (shape.size()) {
    case 1:
        value.axes = axesOf("NF");
        break;
    case 2:
        value.axes = axesOf("NTF");
        break;
    case 3:
        value.axes = axesOf(framework == Framework::Keras ? "NHWC" : "NCHW");
        break;
    default:
        value.axes = Axes(value.shape.size());
        value.axes[0].name = "N";
        break;
    }
    return value;
}

}
