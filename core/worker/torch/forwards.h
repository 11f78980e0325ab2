// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/worker/torch/operations.h"

#include <span>

namespace core::worker::torch {

using Values = std::vector<at::Tensor>;

/// How an op of a kind is computed: its inputs, plain and named, stand beside Operation::inputs; all its outputs.
struct Forward
{
    std::string_view kind;
    Values (*compute)(const Operation&, const Values& inputs);
};

/// One table a file.
std::span<const Forward> windowForwards();
std::span<const Forward> imageForwards();
std::span<const Forward> pointForwards();
std::span<const Forward> normForwards();
std::span<const Forward> shapeForwards();
std::span<const Forward> mergeForwards();
std::span<const Forward> recurrentForwards();
std::span<const Forward> attentionForwards();

/// Of a kind with one plain input and one output. Throws core::Error("operation-inputs") when there is not exactly one.
const at::Tensor& onlyInput(const Operation& op, const Values& inputs);
template <at::Tensor (*Function)(const Operation&, const at::Tensor&)>
Values one(const Operation& op, const Values& inputs)
{
    return {Function(op, onlyInput(op, inputs))};
}

/// A parameter by its role; undefined when it has none.
at::Tensor optionalParameter(const Operation& op, const std::string& role);
/// Throws core::Error("operation-parameter") when it has none.
at::Tensor parameter(const Operation& op, const std::string& role);
c10::optional<at::Tensor> given(const at::Tensor& tensor);

}
