// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/keras/setting.h"
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

constexpr Maker table[] = {
    {"select", select},
    {"flatten", alias},
    {"dropout", alias},
    {"identity", alias},
};

}

std::span<const Maker> shapeMakers()
{
    return table;
}

}
