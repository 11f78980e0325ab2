// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/keras/computation.h"
#include "core/engines/kernels/kernels.h"

#include <span>

namespace core::engines {

/// What an op's computation is made from: the kind has found its inputs to be what it takes, and all of them are known.
struct Setting
{
    const layers::Call& call;
    const std::map<std::string, Tensor>& weights;
    const std::vector<layers::Value>& outputs;
    const Op& op = call.op;
    const layers::Value& input = *call.at(0);
    const layers::Value& output = outputs[0];

    /// The values of a weight of `count` elements; null when it is optional and absent. Throws Error("keras-weights").
    const float* weight(const std::string& role, std::int64_t count, bool optional = false) const;
    /// Elements of the first output.
    std::int64_t count() const { return elementCount(output.shape); }
    /// The first input around the attribute `axis`. Throws Error("keras-axis").
    kernels::Around axis() const;
};

/// Of a kind with one input and one output.
template <typename Function>
Computation one(Function function, std::int64_t scratch = 0)
{
    return {[function = std::move(function)](const Computation::Buffers& buffers) {
                function(buffers.inputs[0], buffers.outputs[0], buffers.scratch);
            },
            scratch};
}

/// How ops of a kind are made ready.
struct Maker
{
    std::string_view kind;
    Computation (*make)(const Setting&);
};

/// One table a file.
std::span<const Maker> windowMakers();
std::span<const Maker> imageMakers();
std::span<const Maker> pointMakers();
std::span<const Maker> normMakers();
std::span<const Maker> shapeMakers();
std::span<const Maker> mergeMakers();
std::span<const Maker> recurrentMakers();
std::span<const Maker> attentionMakers();

}
