// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/keras/setting.h"

#include <limits>

namespace core::engines {

namespace {

template <void (*Function)(const float*, std::int64_t, float*)>
Computation elementwise(const Setting& s)
{
    return one([count = s.count()](const float* in, float* out, float*) { Function(in, count, out); });
}

/// An activation with one setting.
template <void (*Function)(const float*, std::int64_t, float, float*), const char* Name>
Computation withSetting(const Setting& s)
{
    const auto value = static_cast<float>(s.op.attributes.real(Name));
    return one([value, count = s.count()](const float* in, float* out, float*) { Function(in, count, value, out); });
}

constexpr char slopeName[] = "slope", alphaName[] = "alpha";

Computation gelu(const Setting& s)
{
    const bool byTanh = s.op.attributes.boolean("tanh", false);
    return one([byTanh, count = s.count()](const float* in, float* out, float*) { kernels::gelu(in, count, byTanh, out); });
}

Computation softplus(const Setting& s)
{
    const auto beta = static_cast<float>(s.op.attributes.real("beta", 1));
    const auto threshold = static_cast<float>(s.op.attributes.real("threshold", 20));
    return one([=, count = s.count()](const float* in, float* out, float*) { kernels::softplus(in, count, beta, threshold, out); });
}

Computation clippedRelu(const Setting& s)
{
    const auto highest = static_cast<float>(s.op.attributes.real("max", std::numeric_limits<double>::infinity()));
    const auto slope = static_cast<float>(s.op.attributes.real("slope", 0));
    const auto threshold = static_cast<float>(s.op.attributes.real("threshold", 0));
    return one(
        [=, count = s.count()](const float* in, float* out, float*) { kernels::clippedRelu(in, count, highest, slope, threshold, out); });
}

template <void (*Function)(const float*, const kernels::Around&, float*)>
Computation alongAxis(const Setting& s)
{
    return one([axis = s.axis()](const float* in, float* out, float*) { Function(in, axis, out); });
}

constexpr Maker table[] = {
    {"tanh", elementwise<kernels::tanh>},
    {"relu", elementwise<kernels::relu>},
    {"sigmoid", elementwise<kernels::sigmoid>},
    {"clippedrelu", clippedRelu},
    {"leakyrelu", withSetting<kernels::leakyRelu, slopeName>},
    {"elu", withSetting<kernels::elu, alphaName>},
    {"selu", elementwise<kernels::selu>},
    {"gelu", gelu},
    {"silu", elementwise<kernels::silu>},
    {"softplus", softplus},
    {"softsign", elementwise<kernels::softsign>},
    {"exponential", elementwise<kernels::exponential>},
    {"hardswish", elementwise<kernels::hardSwish>},
    {"mish", elementwise<kernels::mish>},
    {"softmax", alongAxis<kernels::softmax>},
    {"logsoftmax", alongAxis<kernels::logSoftmax>},
};

}

std::span<const Maker> pointMakers()
{
    return table;
}

}
