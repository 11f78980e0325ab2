// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/keras/computation.h"

#include "core/engines/kernels/kernels.h"
#include "core/layers/spec.h"
#include "core/layers/window.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace core::engines {

namespace {

/// What an op's computation is made from.
struct Setting
{
    const layers::Call& call;
    const std::map<std::string, Tensor>& weights;
    const std::vector<layers::Value>& outputs;
    const Op& op = call.op;
    const layers::Value& input = *call.at(0);
    const layers::Value& output = outputs[0];

    /// The values of a weight of `count` elements; null when it is optional and absent.
    const float* weight(const std::string& role, std::int64_t count, bool optional = false) const
    {
        const auto found = weights.find(role);
        if (found == weights.end() && optional)
            return nullptr;
        if (found == weights.end() || found->second.count() != count)
            throw Error("keras-weights")
                .expected(fmt::format("{} values in {}", count, role))
                .found(found == weights.end() ? "none" : std::to_string(found->second.count()))
                .at(printable(op.name));
        return found->second.floats().data();
    }

    std::int64_t count() const { return elementCount(output.shape); }

    kernels::Image image() const
    {
        if (input.axes != axesOf("NHWC"))
            throw Error("keras-layout").expected("an input N,H,W,C").found(text(input.axes)).at(printable(op.name));
        return {input.shape[0], input.shape[1], input.shape[2], input.shape[3]};
    }

    kernels::Window window() const
    {
        const auto w = layers::windowOf(op, input.shape[1], input.shape[2]);
        return {w.kernel[0], w.kernel[1],   w.stride[0], w.stride[1],  w.dilation[0], w.dilation[1],
                w.pads.top,  w.pads.bottom, w.pads.left, w.pads.right, w.height,      w.width};
    }

    kernels::Around axis() const
    {
        const auto rank = static_cast<std::int64_t>(input.shape.size());
        const auto given = layers::softmaxAxis(op, input.shape.size());
        const auto axis = given < 0 ? given + rank : given;
        if (axis < 0 || axis >= rank)
            throw Error("keras-axis")
                .expected(fmt::format("an axis of {}", text(input.shape)))
                .found(std::to_string(given))
                .at(printable(op.name));
        const auto middle = input.shape.begin() + axis;
        return {elementCount(Shape(input.shape.begin(), middle)), *middle, elementCount(Shape(middle + 1, input.shape.end()))};
    }
};

/// Of a kind with one input and one output.
template <typename Function>
Computation one(Function function, std::int64_t scratch = 0)
{
    return {[function = std::move(function)](const Computation::Buffers& buffers) {
                function(buffers.inputs[0], buffers.outputs[0], buffers.scratch);
            },
            scratch};
}

Computation alias(const Setting&)
{
    return {};
}

Computation conv2d(const Setting& s)
{
    const auto image = s.image();
    const auto window = s.window();
    const auto groups = s.op.attributes.integer("groups", 1);
    const auto filters = s.output.shape[3];
    const float* kernel = s.weight("kernel", window.kernelHeight * window.kernelWidth * (image.channels / groups) * filters);
    const float* bias = s.weight("bias", filters, true);
    return one([=](const float* in, float* out,
                   float* scratch) { kernels::conv2d(in, image, window, kernel, bias, filters, groups, scratch, out); },
               kernels::conv2dScratch(image, window, groups));
}

Computation linear(const Setting& s)
{
    const auto depth = s.input.shape.back(), units = s.output.shape.back();
    const auto rows = s.count() / std::max<std::int64_t>(units, 1);
    const float* kernel = s.weight("kernel", depth * units);
    const float* bias = s.weight("bias", units, true);
    return one([=](const float* in, float* out, float*) { kernels::dense(in, rows, depth, kernel, bias, units, out); });
}

Computation averagePool(const Setting& s)
{
    const auto image = s.image();
    const auto window = s.window();
    const bool countPad = s.op.attributes.boolean("count_pad", false);
    const auto divisor = s.op.attributes.integer("divisor", 0);
    return one([=](const float* in, float* out, float*) { kernels::averagePool2d(in, image, window, countPad, divisor, out); });
}

Computation maxPool(const Setting& s)
{
    const auto image = s.image();
    const auto window = s.window();
    return one([=](const float* in, float* out, float*) { kernels::maxPool2d(in, image, window, out); });
}

Computation globalAveragePool(const Setting& s)
{
    const auto image = s.image();
    return one([=](const float* in, float* out, float*) { kernels::globalAveragePool2d(in, image, out); });
}

Computation zeroPad(const Setting& s)
{
    const auto image = s.image();
    const auto pads = s.op.attributes.integers("pads", 4);
    return one([=, top = pads[0], bottom = pads[1], left = pads[2], right = pads[3]](const float* in, float* out, float*) {
        kernels::zeroPad2d(in, image, top, bottom, left, right, out);
    });
}

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

/// Strides of a dense value, 0 where a size of 1 is stretched.
Shape stretchedStrides(const Shape& from, const Shape& to)
{
    Shape strides(from.size());
    std::int64_t next = 1;
    for (std::size_t d = from.size(); d-- > 0; next *= from[d])
        strides[d] = from[d] == 1 && to[d] != 1 ? 0 : next;
    return strides;
}

/// From left to right, as Keras' merging layers go.
template <kernels::Binary Binary, bool Averages = false>
Computation merge(const Setting& s)
{
    const Shape to = s.output.shape;
    std::vector<std::optional<Shape>> strides; // of those that are stretched
    for (std::size_t i = 0; i < s.call.count(); ++i)
        strides.push_back(s.call.at(i)->shape == to ? std::nullopt : std::optional(stretchedStrides(s.call.at(i)->shape, to)));
    const auto run = [=, count = s.count()](const Computation::Buffers& buffers) {
        float* out = buffers.outputs[0];
        for (std::size_t i = 0; i < strides.size(); ++i) {
            const float* in = buffers.inputs[i];
            if (strides[i]) {
                float* wide = i == 0 ? out : buffers.scratch;
                kernels::stretch(in, to.data(), strides[i]->data(), static_cast<int>(to.size()), wide);
                in = wide;
            }
            if (i > 0)
                kernels::combine(Binary, i == 1 && !strides[0] ? buffers.inputs[0] : out, in, count, out);
        }
        if (Averages)
            kernels::divide(out, count, static_cast<float>(strides.size()));
    };
    return {run, s.count()};
}

Computation concatenate(const Setting& s)
{
    const std::size_t at = layers::axisIn(s.op, s.input, 1);
    const auto axis = s.output.shape.begin() + static_cast<std::ptrdiff_t>(at);
    const std::int64_t outer = elementCount(Shape(s.output.shape.begin(), axis)),
                       inner = elementCount(Shape(axis + 1, s.output.shape.end()));
    std::vector<std::int64_t> lengths;
    for (std::size_t i = 0; i < s.call.count(); ++i)
        lengths.push_back(s.call.at(i)->shape[at] * inner);
    return {[=](const Computation::Buffers& buffers) {
                kernels::join(buffers.inputs.data(), lengths.data(), static_cast<int>(lengths.size()), outer, buffers.outputs[0]);
            },
            0};
}

/// Those that take one input.
const std::map<std::string_view, Computation (*)(const Setting&)> makers{
    {"conv2d", conv2d},
    {"linear", linear},
    {"avgpool2d", averagePool},
    {"maxpool2d", maxPool},
    {"globalavgpool2d", globalAveragePool},
    {"flatten", alias},
    {"dropout", alias},
    {"identity", alias},
    {"batchnorm", batchNorm},
    {"layernorm", layerNorm},
    {"zeropad2d", zeroPad},
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

/// Those that take several.
const std::map<std::string_view, Computation (*)(const Setting&)> mergers{
    {"concatenate", concatenate},
    {"add", merge<kernels::Binary::Add>},
    {"subtract", merge<kernels::Binary::Subtract>},
    {"multiply", merge<kernels::Binary::Multiply>},
    {"average", merge<kernels::Binary::Add, true>},
    {"maximum", merge<kernels::Binary::Maximum>},
    {"minimum", merge<kernels::Binary::Minimum>},
};

}

Computation computation(const layers::Call& call, const std::map<std::string, Tensor>& weights, const std::vector<layers::Value>& outputs)
{
    const Op& op = call.op;
    const auto several = mergers.find(op.kind);
    const auto maker = several == mergers.end() ? makers.find(op.kind) : several;
    const bool isPlain = std::all_of(op.inputs.begin(), op.inputs.end(), [](const Input& input) { return input.name.empty(); });
    if (maker == makers.end())
        throw Error("keras-kind").expected("a kind that runs on the Keras side").found(printable(op.kind)).at(printable(op.name));
    const std::size_t most = several == mergers.end() ? 1 : call.count();
    if (!call.isKnown() || !isPlain || call.count() > most || outputs.size() != 1)
        throw Error("keras-kind")
            .expected("inputs and outputs that the Keras side computes for " + op.kind)
            .found(fmt::format("{} and {}", call.count(), outputs.size()))
            .at(printable(op.name));
    return maker->second({call, weights, outputs});
}

}
