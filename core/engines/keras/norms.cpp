// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/keras/setting.h"
#include "core/engines/kernels/points.h"

#include <algorithm>
#include <cmath>

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

Computation groupNorm(const Setting& s)
{
    const kernels::Around axis = s.axis();
    const std::int64_t told = s.op.attributes.integer("groups"), groups = told == 0 ? axis.size : told;
    const float* gamma = s.weight("gamma", axis.size, true);
    const float* beta = s.weight("beta", axis.size, true);
    const auto epsilon = static_cast<float>(s.op.attributes.real("epsilon"));
    return one([=, samples = s.input.shape[0]](const float* in, float* out, float*) {
        kernels::groupNorm(in, axis, samples, groups, gamma, beta, epsilon, out);
    });
}

Computation rmsNorm(const Setting& s)
{
    const kernels::Around axis = s.axis();
    const float* gamma = s.weight("gamma", axis.size, true);
    const auto epsilon = static_cast<float>(s.op.attributes.real("epsilon"));
    return one([=](const float* in, float* out, float*) { kernels::rmsNorm(in, axis, gamma, epsilon, out); });
}

Computation unitNorm(const Setting& s)
{
    return one([axis = s.axis()](const float* in, float* out, float*) { kernels::unitNorm(in, axis, out); });
}

/// (x - mean) / max(sqrt(variance), 1e-7), as keras.layers.Normalization.
Computation normalization(const Setting& s)
{
    const kernels::Around axis = s.axis();
    const float* mean = s.weight("mean", axis.size);
    const float* variance = s.weight("variance", axis.size);
    auto folded = std::make_shared<std::vector<float>>(static_cast<std::size_t>(2 * axis.size));
    for (std::int64_t c = 0; c < axis.size; ++c) {
        const float scale = 1.0F / std::max(std::sqrt(variance[c]), 1e-7F);
        (*folded)[static_cast<std::size_t>(c)] = scale;
        (*folded)[static_cast<std::size_t>(axis.size + c)] = -mean[c] * scale;
    }
    return one([axis, folded = std::shared_ptr<const std::vector<float>>(std::move(folded))](const float* in, float* out, float*) {
        kernels::scaleShift(in, axis, folded->data(), folded->data() + axis.size, out);
    });
}

constexpr Maker table[] = {
    {"groupnorm", groupNorm},         {"rmsnorm", rmsNorm},     {"unitnorm", unitNorm},
    {"normalization", normalization}, {"batchnorm", batchNorm}, {"layernorm", layerNorm},
};

}

std::span<const Maker> normMakers()
{
    return table;
}

}
