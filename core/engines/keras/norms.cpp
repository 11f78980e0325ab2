// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/keras/setting.h"

namespace core::engines {

namespace {

Computation batchNorm(const Setting& s)
{
    const auto axis = s.axis();
    const auto channels = axis.size;
    const float* gamma = s.weight("gamma", channels, true);
    const float* beta = s.weight("beta", channels, true);
    auto folded = std::make_shared<std::vector<float>>(static_cast<std::size_t>(2 * channels));
    float* scale = folded->data();
    kernels::foldBatchNorm(channels, gamma, beta, s.weight("mean", channels), s.weight("variance", channels),
                           static_cast<float>(s.op.attributes.real("epsilon")), scale, scale + channels);
    return one([axis, folded = std::shared_ptr<const std::vector<float>>(std::move(folded))](const float* in, float* out, float*) {
        kernels::scaleShift(in, axis, folded->data(), folded->data() + axis.size, out);
    });
}

/// Axes lie side by side, as the kind asks: they are seen as one.
Computation layerNorm(const Setting& s)
{
    const Ints axes = s.op.attributes.integers("axes");
    const auto rank = static_cast<std::int64_t>(s.input.shape.size());
    const auto place = [&](std::int64_t axis) { return s.input.shape.begin() + (axis < 0 ? axis + rank : axis); };
    const auto first = place(axes.front()), behind = place(axes.back()) + 1;
    const kernels::Around axis{elementCount(Shape(s.input.shape.begin(), first)), elementCount(Shape(first, behind)),
                               elementCount(Shape(behind, s.input.shape.end()))};
    const float* gamma = s.weight("gamma", axis.size, true);
    const float* beta = s.weight("beta", axis.size, true);
    const auto epsilon = static_cast<float>(s.op.attributes.real("epsilon"));
    return one([=](const float* in, float* out, float*) { kernels::layerNorm(in, axis, gamma, beta, epsilon, out); });
}

constexpr Maker table[] = {
    {"batchnorm", batchNorm},
    {"layernorm", layerNorm},
};

}

std::span<const Maker> normMakers()
{
    return table;
}

}
