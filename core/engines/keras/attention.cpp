// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/attention.h"

#include "core/engines/keras/setting.h"
#include "core/layers/attended.h"
#include "core/layers/product.h"

#include <cmath>

namespace core::engines {

namespace {

std::int64_t elementsBetween(const Shape& shape, std::size_t first, std::size_t behind)
{
    return elementCount(Shape(shape.begin() + static_cast<std::ptrdiff_t>(first), shape.begin() + static_cast<std::ptrdiff_t>(behind)));
}

Computation dot(const Setting& s)
{
    const layers::Value &a = *s.call.at(0), &b = *s.call.at(1);
    const layers::Product told = layers::productOf(s.op, a, b);
    const auto around = [&](const Shape& shape, std::size_t axis) {
        return kernels::Around{elementsBetween(shape, told.batch, axis), shape[axis], elementsBetween(shape, axis + 1, shape.size())};
    };
    const kernels::Product product{elementsBetween(a.shape, 0, told.batch), around(a.shape, told.a), around(b.shape, told.b),
                                   s.op.attributes.boolean("normalize", false)};
    return {[=](const Computation::Buffers& buffers) {
                kernels::product(buffers.inputs[0], buffers.inputs[1], product, buffers.scratch, buffers.outputs[0]);
            },
            kernels::productScratch(product)};
}

/// A projection of a sequence by a kernel (in, heads, features).
struct Projection
{
    std::int64_t rows, depth, units;
    const float *kernel, *bias;

    void operator()(const float* in, float* out) const { kernels::dense(in, rows, depth, kernel, bias, units, out); }
};

Computation multihead(const Setting& s)
{
    const layers::Value &query = *s.call.find(), &key = *s.call.find("key"), &value = *s.call.find("value");
    const std::int64_t heads = s.op.attributes.integer("heads"), keySize = s.op.attributes.integer("key_dim"),
                       valueSize = s.op.attributes.integer("value_dim");
    const bool bias = s.op.attributes.boolean("bias", true), handsScores = s.outputs.size() > 1;
    const auto projection = [&](const layers::Value& from, const std::string& part, std::int64_t units) {
        const std::int64_t depth = from.shape.back();
        return Projection{from.shape[0] * from.shape[1], depth, units, s.weight(part + "_kernel", depth * units),
                          s.weight(part + "_bias", units, !bias)};
    };
    const Projection q = projection(query, "query", heads * keySize), k = projection(key, "key", heads * keySize),
                     v = projection(value, "value", heads * valueSize);
    const std::int64_t units = s.output.shape.back(), depth = heads * valueSize;
    const Projection out{q.rows, depth, units, s.weight("output_kernel", depth * units), s.weight("out_bias", units, !bias)};
    const kernels::Attention attention{query.shape[0],
                                       heads,
                                       query.shape[1],
                                       key.shape[1],
                                       keySize,
                                       valueSize,
                                       1.0f / std::sqrt(static_cast<float>(keySize)),
                                       s.op.attributes.boolean("causal", false)};
    const std::int64_t sizes[] = {q.rows * q.units, k.rows * k.units, v.rows * v.units, q.rows * depth,
                                  attention.batch * heads * attention.queries * attention.keys};
    const auto place = [&](const Input& input) { return static_cast<std::size_t>(&input - s.op.inputs.data()); };
    std::size_t atKey = 0, atValue = 0;
    for (const Input& input : s.op.inputs) {
        atKey = input.name == "key" ? place(input) : atKey;
        atValue = input.name == "value" ? place(input) : atValue;
    }
    const auto run = [=](const Computation::Buffers& buffers) {
        float* queries = buffers.scratch;
        float* keys = queries + sizes[0];
        float* values = keys + sizes[1];
        float* context = values + sizes[2];
        float* scores = handsScores ? buffers.outputs[1] : context + sizes[3];
        q(buffers.inputs[0], queries);
        k(buffers.inputs[atKey], keys);
        v(buffers.inputs[atValue], values);
        kernels::attention(queries, keys, values, attention, scores, context);
        out(context, buffers.outputs[0]);
    };
    return {run, sizes[0] + sizes[1] + sizes[2] + sizes[3] + (handsScores ? 0 : sizes[4])};
}

/// Of queries, keys and values as they are: heads, where there are some, stand before the positions, as samples do.
template <bool IsAdditive>
Computation attention(const Setting& s)
{
    const layers::Attended taken = layers::attended(s.call);
    const Shape &query = taken.query.shape, &value = taken.value.shape;
    const std::size_t rank = query.size();
    const kernels::Attention a{elementsBetween(query, 0, rank - 2),
                               1,
                               query[rank - 2],
                               value[rank - 2],
                               query[rank - 1],
                               value[rank - 1],
                               IsAdditive ? 1.0f : layers::attentionFactor(s.op, query[rank - 1]),
                               s.op.attributes.boolean("causal", false)};
    const float* scale = IsAdditive ? s.weight("scale", a.keySize, !s.op.attributes.boolean("scaled", true)) : nullptr;
    std::vector<std::size_t> plain;
    std::size_t atKey = 0;
    for (std::size_t i = 0; i < s.op.inputs.size(); ++i) {
        if (s.op.inputs[i].name.empty())
            plain.push_back(i);
        else
            atKey = i;
    }
    const std::size_t atQuery = plain[0], atValue = plain[1];
    atKey = atKey > 0 ? atKey : plain.size() > 2 ? plain[2] : atValue;
    const bool handsScores = s.outputs.size() > 1;
    const auto run = [=](const Computation::Buffers& buffers) {
        float* scores = handsScores ? buffers.outputs[1] : buffers.scratch;
        const float *q = buffers.inputs[atQuery], *k = buffers.inputs[atKey], *v = buffers.inputs[atValue];
        if (IsAdditive)
            kernels::additiveAttention(q, k, v, scale, a, scores, buffers.outputs[0]);
        else
            kernels::attention(q, k, v, a, scores, buffers.outputs[0]);
    };
    return {run, handsScores ? 0 : a.batch * a.queries * a.keys};
}

constexpr Maker attentionTable[] = {
    {"attention", attention<false>},
    {"additiveattention", attention<true>},
    {"dot", dot},
    {"multihead", multihead},
};

}

std::span<const Maker> attentionMakers()
{
    return attentionTable;
}

}
