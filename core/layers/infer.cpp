// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/follow.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

std::optional<Value> inferOne(const Model& model, const Op& op, const std::vector<std::optional<Value>>& values, std::string& problem)
{
    const Kind* k = kind(op.kind);
    if (op.inputs.empty())
        return {};
    std::vector<Value> inputs;
    for (const int input : op.inputs) {
        if (input < 0 || static_cast<std::size_t>(input) >= values.size() || !values[static_cast<std::size_t>(input)])
            return {};
        inputs.push_back(*values[static_cast<std::size_t>(input)]);
    }
    const Axes& axes = inputs[0].axes;
    if (takesImage(op) && axes.size() == 4 && axes != inputValue(model.framework, {1, 1, 1}).axes)
        return {}; // permuted before: what it takes for channels is not what they were
    try {
        if (!k || !k->infer || !op.unsupported.empty())
            return followed(op, model.framework, inputs);
        checkParameters(model, op, &inputs[0]);
        Value result = k->infer(op, inputs);
        elementCount(result.shape);
        return result;
    } catch (const Error& error) {
        problem = error.what();
        return {};
    }
}

}

void checkParameters(const Model& model, const Op& op, const Value* input)
{
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

std::vector<std::optional<Value>> inferValues(const Model& model, std::span<const Value> inputs, std::map<int, std::string>* problems)
{
    std::vector<std::optional<Value>> values(model.ops.size());
    std::size_t next = 0;
    for (std::size_t i = 0; i < model.ops.size(); ++i) {
        if (model.ops[i].kind == "input") {
            if (next < inputs.size())
                values[i] = inputs[next];
            ++next;
            continue;
        }
        std::string problem;
        values[i] = inferOne(model, model.ops[i], values, problem);
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
