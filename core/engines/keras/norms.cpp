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
    return one([axis = s.axis(), floor = static_cast<float>(s.op.attributes.real("floor"))](const float* in, float* out, float*) {
        kernels::unitNorm(in, axis, floor, out);
    });
}

/// Values along an axis, as a parameter or a setting tells them; of a setting one may serve all.
std::vector<float> along(const Setting& s, const std::string& name, std::int64_t size)
{
    if (!s.op.attributes.has(name)) {
        const float* values = s.weight(name, size);
        return {values, values + size};
    }
    const Reals told = s.op.attributes.reals(name);
    std::vector<float> result(static_cast<std::size_t>(size));
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i] = static_cast<float>(told[told.size() == 1 ? 0 : i]);
    return result;
}

/// (x - mean) / max(sqrt(variance), 1e-7), or back, as keras.layers.Normalization.
Computation normalization(const Setting& s)
{
    const kernels::Around axis = s.axis();
    const std::vector<float> mean = along(s, "mean", axis.size), variance = along(s, "variance", axis.size);
    auto scales = std::make_shared<std::vector<float>>(mean.size()), shifts = std::make_shared<std::vector<float>>(mean.size());
    for (std::size_t c = 0; c < mean.size(); ++c) {
        const float deviation = std::max(std::sqrt(variance[c]), 1e-7F);
        const bool isBack = s.op.attributes.boolean("invert", false);
        (*scales)[c] = isBack ? deviation : 1.0F / deviation;
        (*shifts)[c] = isBack ? mean[c] : -mean[c] / deviation;
    }
    return one([axis, scales, shifts](const float* in, float* out, float*) {
        kernels::scaleShift(in, axis, scales->data(), shifts->data(), out);
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
