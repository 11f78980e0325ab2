// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/keras/setting.h"
#include "core/layers/slice.h"
#include "core/layers/spec.h"

#include <algorithm>

namespace core::engines {

namespace {

Computation alias(const Setting&)
{
    return {};
}

/// A piece of each of what lies around the axis.
Computation select(const Setting& s)
{
    const std::size_t at = layers::axisIn(s.op, s.input, 1);
    const auto axis = s.input.shape.begin() + static_cast<std::ptrdiff_t>(at);
    const std::int64_t outer = elementCount(Shape(s.input.shape.begin(), axis)), inner = elementCount(Shape(axis + 1, s.input.shape.end())),
                       size = *axis, index = s.op.attributes.integer("index"), place = index < 0 ? index + size : index;
    return one([=](const float* in, float* out, float*) {
        for (std::int64_t o = 0; o < outer; ++o)
            std::copy_n(in + (o * size + place) * inner, inner, out + o * inner);
    });
}

/// Elements between neighbours along each dimension of a dense value.
Shape stridesOf(const Shape& shape)
{
    Shape strides(shape.size());
    std::int64_t next = 1;
    for (std::size_t d = shape.size(); d-- > 0; next *= shape[d])
        strides[d] = next;
    return strides;
}

/// What stands `offset` elements behind the input's first, and so on by `strides`, as a dense value of `sizes`.
Computation gathered(std::int64_t offset, Shape sizes, Shape strides)
{
    return one([=](const float* in, float* out, float*) {
        kernels::stretch(in + offset, sizes.data(), strides.data(), static_cast<int>(sizes.size()), out);
    });
}

Computation permuted(const Setting& s, const std::vector<std::size_t>& order)
{
    const Shape own = stridesOf(s.input.shape);
    Shape sizes, strides;
    for (const std::size_t from : order) {
        sizes.push_back(s.input.shape[from]);
        strides.push_back(own[from]);
    }
    return gathered(0, std::move(sizes), std::move(strides));
}

Computation permute(const Setting& s)
{
    return permuted(s, layers::permutation(s.op, s.input.shape.size()));
}

/// Keras moves what it takes for channels to the end when told that they come first.
Computation flatten(const Setting& s)
{
    if (!s.op.attributes.boolean("channels_first", false) || s.input.shape.size() < 3)
        return {};
    std::vector<std::size_t> order{0};
    for (std::size_t d = 2; d < s.input.shape.size(); ++d)
        order.push_back(d);
    order.push_back(1);
    return permuted(s, order);
}

Computation slice(const Setting& s)
{
    Shape sizes = s.input.shape, strides = stridesOf(sizes);
    std::int64_t offset = 0;
    for (const layers::Cut& cut : layers::cutsOf(s.op, s.input)) {
        offset += cut.begin * strides[cut.place];
        sizes[cut.place] = cut.count;
        strides[cut.place] *= cut.step;
    }
    return gathered(offset, std::move(sizes), std::move(strides));
}

Computation split(const Setting& s)
{
    const std::size_t place = layers::axisIn(s.op, s.input);
    const Shape strides = stridesOf(s.input.shape);
    const Ints pieces = layers::piecesOf(s.op, s.input);
    return {[=, shape = s.input.shape](const Computation::Buffers& buffers) {
                Shape sizes = shape;
                const float* in = buffers.inputs[0];
                for (std::size_t i = 0; i < pieces.size(); in += pieces[i++] * strides[place]) {
                    sizes[place] = pieces[i];
                    kernels::stretch(in, sizes.data(), strides.data(), static_cast<int>(sizes.size()), buffers.outputs[i]);
                }
            },
            0};
}

/// Each dimension of the input over and over, so that it is as long as the output's.
Computation copies(const Setting& s)
{
    const Shape from = stridesOf(s.input.shape);
    Shape sizes, strides; // two dimensions for each: the copies, then what is copied
    for (std::size_t d = 0; d < s.input.shape.size(); ++d) {
        sizes.insert(sizes.end(), {s.output.shape[d] / s.input.shape[d], s.input.shape[d]});
        strides.insert(strides.end(), {0, from[d]});
    }
    return gathered(0, std::move(sizes), std::move(strides));
}

Computation repeatVector(const Setting& s)
{
    const std::int64_t features = s.input.shape[1];
    return gathered(0, s.output.shape, {features, 0, 1});
}

Computation stack(const Setting& s)
{
    const auto rank = s.output.shape.size();
    const std::int64_t axis = s.op.attributes.integer("axis");
    const auto place = static_cast<std::ptrdiff_t>(axis < 0 ? axis + static_cast<std::int64_t>(rank) : axis);
    const std::int64_t outer = elementCount(Shape(s.output.shape.begin(), s.output.shape.begin() + place)),
                       inner = elementCount(Shape(s.output.shape.begin() + place + 1, s.output.shape.end()));
    const std::vector<std::int64_t> lengths(s.call.count(), inner);
    return {[=](const Computation::Buffers& buffers) {
                kernels::join(buffers.inputs.data(), lengths.data(), static_cast<int>(lengths.size()), outer, buffers.outputs[0]);
            },
            0};
}

constexpr Maker table[] = {
    {"flatten", flatten}, {"dropout", alias},   {"identity", alias},  {"noise", alias},   {"reshape", alias},
    {"squeeze", alias},   {"unsqueeze", alias}, {"permute", permute}, {"slice", slice},   {"split", split},
    {"expand", copies},   {"tile", copies},     {"stack", stack},     {"select", select}, {"repeatvector", repeatVector},
};

}

std::span<const Maker> shapeMakers()
{
    return table;
}

}
