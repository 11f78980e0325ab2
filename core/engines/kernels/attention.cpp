// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/attention.h"

#include "core/engines/kernels/maps.h"

#include <algorithm>
#include <cmath>

namespace core::engines::kernels {

namespace {

std::int64_t elements(const Around& axis)
{
    return axis.outer * axis.size * axis.inner;
}

/// One row for each position beside the axis, the axis along it.
void toRows(const float* input, const Around& axis, bool normalize, float* rows)
{
    for (std::int64_t o = 0; o < axis.outer; ++o)
        for (std::int64_t i = 0; i < axis.inner; ++i) {
            float* row = rows + (o * axis.inner + i) * axis.size;
            for (std::int64_t k = 0; k < axis.size; ++k)
                row[k] = input[(o * axis.size + k) * axis.inner + i];
            if (normalize)
                Values(row, axis.size) /= std::sqrt(std::max(ConstValues(row, axis.size).square().sum(), 1e-12f));
        }
}

/// Scores of one sample and head become shares, in all 1 for each query.
void toShares(float* scores, const Attention& a)
{
    for (std::int64_t t = 0; t < a.queries; ++t) {
        float* row = scores + t * a.keys;
        const std::int64_t seen = a.causal ? std::min(t + 1, a.keys) : a.keys;
        softmax(row, {1, seen, 1}, row);
        std::fill(row + seen, row + a.keys, 0.0f);
    }
}

}

std::int64_t productScratch(const Product& product)
{
    return elements(product.a) + elements(product.b);
}

void product(const float* a, const float* b, const Product& product, float* scratch, float* output)
{
    const std::int64_t rows = product.a.outer * product.a.inner, columns = product.b.outer * product.b.inner, size = product.a.size;
    float* left = scratch;
    float* right = scratch + rows * size;
    for (std::int64_t n = 0; n < product.batch; ++n) {
        toRows(a + n * rows * size, product.a, product.normalize, left);
        toRows(b + n * columns * size, product.b, product.normalize, right);
        Strided(output + n * rows * columns, rows, columns, Eigen::OuterStride<>(columns)).noalias() =
            ConstStrided(left, rows, size, Eigen::OuterStride<>(size)) *
            ConstStrided(right, columns, size, Eigen::OuterStride<>(size)).transpose();
    }
}

void attention(const float* query, const float* key, const float* value, const Attention& a, float* scores, float* output)
{
    const Eigen::OuterStride<> keyStride(a.heads * a.keySize), valueStride(a.heads * a.valueSize), row(a.keys);
    for (std::int64_t n = 0; n < a.batch; ++n)
        for (std::int64_t h = 0; h < a.heads; ++h) {
            const ConstStrided q(query + (n * a.queries * a.heads + h) * a.keySize, a.queries, a.keySize, keyStride);
            const ConstStrided k(key + (n * a.keys * a.heads + h) * a.keySize, a.keys, a.keySize, keyStride);
            const ConstStrided v(value + (n * a.keys * a.heads + h) * a.valueSize, a.keys, a.valueSize, valueStride);
            float* own = scores + (n * a.heads + h) * a.queries * a.keys;
            Strided s(own, a.queries, a.keys, row);
            s.noalias() = (q * a.scale) * k.transpose();
            toShares(own, a);
            Strided(output + (n * a.queries * a.heads + h) * a.valueSize, a.queries, a.valueSize, valueStride).noalias() = s * v;
        }
}

void additiveAttention(const float* query, const float* key, const float* value, const float* scale, const Attention& a, float* scores,
                       float* output)
{
    for (std::int64_t n = 0; n < a.batch; ++n) {
        float* own = scores + n * a.queries * a.keys;
        for (std::int64_t t = 0; t < a.queries; ++t)
            for (std::int64_t k = 0; k < a.keys; ++k) {
                const float *q = query + (n * a.queries + t) * a.keySize, *other = key + (n * a.keys + k) * a.keySize;
                float sum = 0;
                for (std::int64_t i = 0; i < a.keySize; ++i)
                    sum += (scale ? scale[i] : 1.0f) * std::tanh(q[i] + other[i]);
                own[t * a.keys + k] = sum;
            }
        toShares(own, a);
        Strided(output + n * a.queries * a.valueSize, a.queries, a.valueSize, Eigen::OuterStride<>(a.valueSize)).noalias() =
            ConstStrided(own, a.queries, a.keys, Eigen::OuterStride<>(a.keys)) *
            ConstStrided(value + n * a.keys * a.valueSize, a.keys, a.valueSize, Eigen::OuterStride<>(a.valueSize));
    }
}

}
