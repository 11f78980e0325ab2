// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/keras/setting.h"
#include "core/layers/spec.h"

#include <algorithm>

namespace core::engines {

namespace {

Computation linear(const Setting& s)
{
    const auto depth = s.input.shape.back(), units = s.output.shape.back();
    const auto rows = s.count() / std::max<std::int64_t>(units, 1);
    const float* kernel = s.weight("kernel", depth * units);
    const float* bias = s.weight("bias", units, true);
    return one([=](const float* in, float* out, float*) { kernels::dense(in, rows, depth, kernel, bias, units, out); });
}

/// Strides of a dense value, 0 where a size of 1 is stretched.
Shape stretchedStrides(const Shape& from, const Shape& to)
{
    Shape strides(from.size());
    std::int64_t next = 1;
    for (std::size_t d = from.size(); d-- > 0; next *= from[d])
        strides[d] = from[d] == 1 && to[d] != 1 ? 0 : next;
    return strides;
}

/// From left to right, as Keras' merging layers go.
template <kernels::Binary Binary, bool Averages = false>
Computation merge(const Setting& s)
{
    const Shape to = s.output.shape;
    std::vector<std::optional<Shape>> strides; // of those that are stretched
    for (std::size_t i = 0; i < s.call.count(); ++i)
        strides.push_back(s.call.at(i)->shape == to ? std::nullopt : std::optional(stretchedStrides(s.call.at(i)->shape, to)));
    const auto run = [=, count = s.count()](const Computation::Buffers& buffers) {
        float* out = buffers.outputs[0];
        for (std::size_t i = 0; i < strides.size(); ++i) {
            const float* in = buffers.inputs[i];
            if (strides[i]) {
                float* wide = i == 0 ? out : buffers.scratch;
                kernels::stretch(in, to.data(), strides[i]->data(), static_cast<int>(to.size()), wide);
                in = wide;
            }
            if (i > 0)
                kernels::combine(Binary, i == 1 && !strides[0] ? buffers.inputs[0] : out, in, count, out);
        }
        if (Averages)
            kernels::divide(out, count, static_cast<float>(strides.size()));
    };
    return {run, s.count()};
}

Computation concatenate(const Setting& s)
{
    const std::size_t at = layers::axisIn(s.op, s.input, 1);
    const auto axis = s.output.shape.begin() + static_cast<std::ptrdiff_t>(at);
    const std::int64_t outer = elementCount(Shape(s.output.shape.begin(), axis)),
                       inner = elementCount(Shape(axis + 1, s.output.shape.end()));
    std::vector<std::int64_t> lengths;
    for (std::size_t i = 0; i < s.call.count(); ++i)
        lengths.push_back(s.call.at(i)->shape[at] * inner);
    return {[=](const Computation::Buffers& buffers) {
                kernels::join(buffers.inputs.data(), lengths.data(), static_cast<int>(lengths.size()), outer, buffers.outputs[0]);
            },
            0};
}

constexpr Maker table[] = {
    {"linear", linear},
    {"concatenate", concatenate},
    {"add", merge<kernels::Binary::Add>},
    {"subtract", merge<kernels::Binary::Subtract>},
    {"multiply", merge<kernels::Binary::Multiply>},
    {"divide", merge<kernels::Binary::Divide>},
    {"average", merge<kernels::Binary::Add, true>},
    {"maximum", merge<kernels::Binary::Maximum>},
    {"minimum", merge<kernels::Binary::Minimum>},
};

}

std::span<const Maker> mergeMakers()
{
    return table;
}

}
