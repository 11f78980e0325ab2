// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/points.h"
#include "core/engines/keras/setting.h"
#include "core/layers/regroup.h"

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

Computation softmax(const Setting& s)
{
    const std::int64_t count = s.op.attributes.boolean("negated", false) ? s.count() : 0;
    return one(
        [axis = s.axis(), count](const float* in, float* out, float* scratch) {
            if (count != 0)
                kernels::point(kernels::Point::Affine, in, count, -1.0F, 0.0F, scratch);
            kernels::softmax(count != 0 ? scratch : in, axis, out);
        },
        count);
}

float settingOf(const Setting& s, const char* name, double usual)
{
    return static_cast<float>(s.op.attributes.real(name, usual));
}

template <kernels::Point Function>
Computation pointOf(const Setting& s, float a, float b)
{
    return one([=, count = s.count()](const float* in, float* out, float*) { kernels::point(Function, in, count, a, b, out); });
}

template <kernels::Point Function>
Computation curve(const Setting& s)
{
    return pointOf<Function>(s, 0, 0);
}

template <kernels::Point Function, const char* First>
Computation curveOf(const Setting& s)
{
    return pointOf<Function>(s, static_cast<float>(s.op.attributes.real(First)), 0);
}

template <kernels::Point Function, const char* First, const char* Second>
Computation curveOfTwo(const Setting& s)
{
    return pointOf<Function>(s, static_cast<float>(s.op.attributes.real(First)), static_cast<float>(s.op.attributes.real(Second)));
}

constexpr char lambdaName[] = "lambda", thresholdName[] = "threshold", valueName[] = "value", scaleName[] = "scale",
               offsetName[] = "offset", exponentName[] = "exponent";

/// A number for all, or lists along the last axis.
Computation affine(const Setting& s)
{
    if (!s.op.attributes.has("scales"))
        return curveOfTwo<kernels::Point::Affine, scaleName, offsetName>(s);
    const std::int64_t size = s.input.shape.back();
    const auto list = [&](const char* name) {
        const Reals told = s.op.attributes.reals(name);
        auto result = std::make_shared<std::vector<float>>(static_cast<std::size_t>(size));
        for (std::size_t i = 0; i < result->size(); ++i)
            (*result)[i] = static_cast<float>(told[told.size() == 1 ? 0 : i]);
        return result;
    };
    const kernels::Around last{s.count() / size, size, 1};
    return one([last, scales = list("scales"), offsets = list("offsets")](const float* in, float* out, float*) {
        kernels::scaleShift(in, last, scales->data(), offsets->data(), out);
    });
}

Computation clip(const Setting& s)
{
    constexpr double none = std::numeric_limits<double>::infinity();
    return pointOf<kernels::Point::Clip>(s, settingOf(s, "min", -none), settingOf(s, "max", none));
}

/// Slopes are stretched to a whole sample.
Computation prelu(const Setting& s)
{
    Shape sizes(s.input.shape.begin() + 1, s.input.shape.end()), given(sizes), strides(sizes.size());
    if (s.op.attributes.has("count"))
        for (std::size_t d = 0; d < given.size(); ++d)
            given[d] = d == 0 ? s.op.attributes.integer("count") : 1;
    for (const std::int64_t axis : s.op.attributes.integers("shared", Ints{}))
        given[layers::placeOf(s.op, axis, given.size() + 1) - 1] = 1;
    std::int64_t next = 1;
    for (std::size_t d = given.size(); d-- > 0; next *= given[d])
        strides[d] = given[d] == 1 ? 0 : next;
    const float* alpha = s.weight("alpha", next);
    const std::int64_t size = elementCount(sizes);
    auto slopes = std::make_shared<std::vector<float>>(static_cast<std::size_t>(size));
    kernels::stretch(alpha, sizes.data(), strides.data(), static_cast<int>(sizes.size()), slopes->data());
    return one([outer = s.input.shape[0], size, slopes = std::shared_ptr<const std::vector<float>>(std::move(slopes))](
                   const float* in, float* out, float*) { kernels::prelu(in, outer, size, slopes->data(), out); });
}

/// What is reduced is brought together first.
template <kernels::Reduction Function>
Computation reduced(const Setting& s)
{
    const std::vector<bool> goes = layers::reducedPlaces(s.op, s.input);
    Shape sizes, strides, last, lastStrides;
    std::int64_t next = elementCount(s.input.shape);
    for (std::size_t d = 0; d < goes.size(); ++d) {
        next /= s.input.shape[d];
        (goes[d] ? last : sizes).push_back(s.input.shape[d]);
        (goes[d] ? lastStrides : strides).push_back(next);
    }
    const std::int64_t rows = elementCount(sizes), size = elementCount(last);
    sizes.insert(sizes.end(), last.begin(), last.end());
    strides.insert(strides.end(), lastStrides.begin(), lastStrides.end());
    return one(
        [=](const float* in, float* out, float* scratch) {
            kernels::stretch(in, sizes.data(), strides.data(), static_cast<int>(sizes.size()), scratch);
            kernels::reduce(Function, scratch, rows, size, out);
        },
        rows * size);
}

constexpr Maker table[] = {
    {"celu", curveOf<kernels::Point::Celu, alphaName>},
    {"hardsigmoid", curveOf<kernels::Point::HardSigmoid, slopeName>},
    {"clip", clip},
    {"threshold", curveOfTwo<kernels::Point::Threshold, thresholdName, valueName>},
    {"hardshrink", curveOf<kernels::Point::HardShrink, lambdaName>},
    {"softshrink", curveOf<kernels::Point::SoftShrink, lambdaName>},
    {"tanhshrink", curve<kernels::Point::TanhShrink>},
    {"logsigmoid", curve<kernels::Point::LogSigmoid>},
    {"affine", affine},
    {"power", curveOf<kernels::Point::Power, exponentName>},
    {"abs", curve<kernels::Point::Absolute>},
    {"sqrt", curve<kernels::Point::SquareRoot>},
    {"log", curve<kernels::Point::Logarithm>},
    {"sin", curve<kernels::Point::Sine>},
    {"cos", curve<kernels::Point::Cosine>},
    {"prelu", prelu},
    {"glu", alongAxis<kernels::glu>},
    {"mean", reduced<kernels::Reduction::Mean>},
    {"sum", reduced<kernels::Reduction::Sum>},
    {"highest", reduced<kernels::Reduction::Maximum>},
    {"lowest", reduced<kernels::Reduction::Minimum>},
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
    {"softmax", softmax},
    {"logsoftmax", alongAxis<kernels::logSoftmax>},
};

}

std::span<const Maker> pointMakers()
{
    return table;
}

}
