// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/torch/forwards.h"

#include "core/base/error.h"

namespace core::worker::torch {

namespace {

const Forward* forwardOf(std::string_view kind)
{
    for (const auto forwards : {windowForwards(), imageForwards(), pointForwards(), normForwards(), shapeForwards(), mergeForwards(),
                                recurrentForwards(), attentionForwards()})
        for (const Forward& forward : forwards)
            if (forward.kind == kind)
                return &forward;
    return nullptr;
}

}

const at::Tensor& onlyInput(const Operation& op, const Values& inputs)
{
    if (inputs.size() != 1 || op.inputs.size() != 1 || !op.inputs[0].name.empty())
        throw Error("operation-inputs").expected("one input for " + op.kind).found(std::to_string(inputs.size()));
    return inputs.front();
}

at::Tensor optionalParameter(const Operation& op, const std::string& role)
{
    const auto found = op.parameters.find(role);
    return found == op.parameters.end() ? at::Tensor() : found->second;
}

at::Tensor parameter(const Operation& op, const std::string& role)
{
    auto tensor = optionalParameter(op, role);
    if (!tensor.defined())
        throw Error("operation-parameter").expected("a parameter \"" + role + "\" for " + op.kind).found("none");
    return tensor;
}

c10::optional<at::Tensor> given(const at::Tensor& tensor)
{
    return tensor.defined() ? c10::optional<at::Tensor>(tensor) : c10::nullopt;
}

std::vector<at::Tensor> compute(const Operation& operation, const std::vector<at::Tensor>& inputs)
{
    const Forward* forward = forwardOf(operation.kind);
    if (!forward)
        throw Error("operation-unknown").expected("a kind that LibTorch's side can compute").found(printable(operation.kind));
    if (inputs.empty())
        throw Error("operation-inputs").expected("an input for " + operation.kind).found("none");
    return forward->compute(operation, inputs);
}

}
