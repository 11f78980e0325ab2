// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/kernels/kernels.h"

namespace core::engines::kernels {

/// Two values that are multiplied sample by sample: each is seen around the axis that is summed over, outer * size * inner elements a
/// sample; both axes have one size.
struct Product
{
    std::int64_t batch;
    Around a, b;
    bool normalize; ///< both divided by their length along the axis first, which is at least 1e-6 (tf.math.l2_normalize)
};

/// Floats of scratch space that product needs.
TIEOUT_ENGINE_API std::int64_t productScratch(const Product& product);
/// output (batch, a's outer and inner, b's outer and inner).
TIEOUT_ENGINE_API void product(const float* a, const float* b, const Product& product, float* scratch, float* output);

/// Scaled dot-product attention of several heads, whose features lie side by side.
struct Attention
{
    std::int64_t batch, heads, queries, keys; ///< positions
    std::int64_t keySize, valueSize;          ///< features of one head
    float scale;                              ///< of the products
    bool causal;                              ///< position i of the queries looks at the keys 0 to i
};

/// query (batch, queries, heads * keySize), key (batch, keys, heads * keySize), value (batch, keys, heads * valueSize); scores (batch,
/// heads, queries, keys); output (batch, queries, heads * valueSize).
TIEOUT_ENGINE_API void attention(const float* query, const float* key, const float* value, const Attention& attention, float* scores,
                                 float* output);
/// The same of one head with other scores: the sum over the features of scale * tanh(query + key); without scales they are 1.
TIEOUT_ENGINE_API void additiveAttention(const float* query, const float* key, const float* value, const float* scale,
                                         const Attention& attention, float* scores, float* output);

}
