// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/attention.h"

#include "core/engines/keras/setting.h"
#include "core/layers/product.h"

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

constexpr Maker attentionTable[] = {
    {"dot", dot},
};

}

std::span<const Maker> attentionMakers()
{
    return attentionTable;
}

}
