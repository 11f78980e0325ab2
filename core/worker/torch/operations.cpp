// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/torch/operations.h"

#include "core/base/error.h"
#include "core/base/held.h"
#include "core/worker/torch/window.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

namespace core::worker::torch {

namespace {

using Forward = at::Tensor (*)(const Operation&, const at::Tensor&);

at::Tensor optionalParameter(const Operation& op, const std::string& role)
{
    const auto found = op.parameters.find(role);
    return found == op.parameters.end() ? at::Tensor() : found->second;
}

at::Tensor parameter(const Operation& op, const std::string& role)
{
    auto tensor = optionalParameter(op, role);
    if (!tensor.defined())
        throw Error("operation-parameter").expected("a parameter \"" + role + "\" for " + op.kind).found("none");
    return tensor;
}

/// dim=None is the first of one or three dimensions, else the second (torch.nn.functional._get_softmax_dim).
std::int64_t softmaxDimension(const Operation& op, const at::Tensor& x)
{
    if (!op.attributes.boolean("implicit", false))
        return op.attributes.integer("axis");
    return x.dim() == 0 || x.dim() == 1 || x.dim() == 3 ? 0 : 1;
}

c10::optional<at::Tensor> given(const at::Tensor& tensor)
{
    return tensor.defined() ? c10::optional<at::Tensor>(tensor) : c10::nullopt;
}

at::Tensor same(const Operation&, const at::Tensor& x)
{
    return x;
}

at::Tensor conv2d(const Operation& op, const at::Tensor& x)
{
    const auto kernel = parameter(op, "kernel");
    const auto bias = optionalParameter(op, "bias");
    const auto window = windowOf(op.attributes, x);
    const auto groups = op.attributes.integer("groups", 1);
    const auto positions = x.size(0) * x.size(2) * x.size(3) / (window.stride[0] * window.stride[1]);
    at::globalContext().setUserEnabledMkldnn(positions * kernel.numel() > oneDnnBorder);
    if (window.pads.isSymmetric())
        return at::conv2d(x, kernel, given(bias), window.stride, window.pads.pair(), window.dilation, groups);
    return at::conv2d(padded(x, window.pads, 0), kernel, given(bias), window.stride, Pads().pair(), window.dilation, groups);
}

at::Tensor linear(const Operation& op, const at::Tensor& x)
{
    return at::linear(x, parameter(op, "kernel"), given(optionalParameter(op, "bias")));
}

at::Tensor avgPool2d(const Operation& op, const at::Tensor& x)
{
    const auto window = windowOf(op.attributes, x);
    const bool ceil = op.attributes.boolean("ceil", false);
    const bool countPad = op.attributes.boolean("count_pad", true);
    c10::optional<std::int64_t> divisor;
    if (op.attributes.has("divisor"))
        divisor = op.attributes.integer("divisor");
    if (window.poolsDirectly())
        return at::avg_pool2d(x, window.kernel, window.stride, window.pads.pair(), ceil, countPad, divisor);
    const auto wide = padded(x, window.pads, 0);
    if (countPad || divisor)
        return at::avg_pool2d(wide, window.kernel, window.stride, 0, ceil, true, divisor);
    const auto ones = padded(at::ones({1, 1, x.size(2), x.size(3)}), window.pads, 0);
    const auto counts = at::avg_pool2d(ones, window.kernel, window.stride, 0, ceil, true, 1);
    return at::avg_pool2d(wide, window.kernel, window.stride, 0, ceil, true, 1) / counts;
}

at::Tensor maxPool2d(const Operation& op, const at::Tensor& x)
{
    const auto window = windowOf(op.attributes, x);
    const bool ceil = op.attributes.boolean("ceil", false);
    if (window.poolsDirectly())
        return at::max_pool2d(x, window.kernel, window.stride, window.pads.pair(), window.dilation, ceil);
    const auto wide = padded(x, window.pads, -std::numeric_limits<double>::infinity());
    return at::max_pool2d(wide, window.kernel, window.stride, 0, window.dilation, ceil);
}

at::Tensor globalAvgPool2d(const Operation& op, const at::Tensor& x)
{
    const auto mean = at::adaptive_avg_pool2d(x, {1, 1});
    return op.attributes.boolean("keepdims", true) ? mean : mean.flatten(1);
}

at::Tensor flatten(const Operation& op, const at::Tensor& x)
{
    return at::flatten(x, op.attributes.integer("start", 1), op.attributes.integer("end", -1)).contiguous();
}

at::Tensor batchNorm(const Operation& op, const at::Tensor& x)
{
    const auto axis = op.attributes.integer("axis", 1);
    const auto moved = axis == 1 ? x : x.transpose(1, axis);
    const auto result =
        at::batch_norm(moved, given(optionalParameter(op, "gamma")), given(optionalParameter(op, "beta")), given(parameter(op, "mean")),
                       given(parameter(op, "variance")), false, 0.0, op.attributes.real("epsilon"), false);
    return axis == 1 ? result : result.transpose(1, axis);
}

/// Over the last dimensions, as PyTorch's module does; the others change places with them for as long.
at::Tensor layerNorm(const Operation& op, const at::Tensor& x)
{
    std::vector<std::int64_t> axes = op.attributes.integers("axes"), order, back(static_cast<std::size_t>(x.dim()));
    for (auto& axis : axes)
        axis = axis < 0 ? axis + x.dim() : axis;
    for (std::int64_t d = 0; d < x.dim(); ++d)
        if (std::find(axes.begin(), axes.end(), d) == axes.end())
            order.push_back(d);
    order.insert(order.end(), axes.begin(), axes.end());
    for (std::size_t d = 0; d < order.size(); ++d)
        heldAt(back, static_cast<std::size_t>(order[d])) = static_cast<std::int64_t>(d);
    const auto moved = x.permute(order);
    const auto sizes = moved.sizes().slice(order.size() - axes.size());
    return at::layer_norm(moved, sizes, given(optionalParameter(op, "gamma")), given(optionalParameter(op, "beta")),
                          op.attributes.real("epsilon"), false)
        .permute(back)
        .contiguous();
}

at::Tensor zeroPad2d(const Operation& op, const at::Tensor& x)
{
    const auto pads = op.attributes.integers("pads", 4);
    return padded(x, {pads[0], pads[1], pads[2], pads[3]}, 0);
}

/// As keras.relu with its settings; ReLU6 is one of them.
at::Tensor clippedRelu(const Operation& op, const at::Tensor& x)
{
    const double threshold = op.attributes.real("threshold", 0), slope = op.attributes.real("slope", 0);
    at::Tensor passed = threshold == 0 ? at::relu(x) : x * at::gt(x, threshold).to(x.scalar_type());
    if (op.attributes.has("max"))
        passed = at::clamp(passed, 0, op.attributes.real("max"));
    return slope == 0 ? passed : passed - slope * at::relu(threshold - x);
}

const std::map<std::string_view, Forward> forwards{
    {"conv2d", conv2d},
    {"linear", linear},
    {"avgpool2d", avgPool2d},
    {"maxpool2d", maxPool2d},
    {"globalavgpool2d", globalAvgPool2d},
    {"flatten", flatten},
    {"dropout", same},
    {"identity", same},
    {"batchnorm", batchNorm},
    {"layernorm", layerNorm},
    {"zeropad2d", zeroPad2d},
    {"tanh", [](const Operation&, const at::Tensor& x) { return at::tanh(x); }},
    {"relu", [](const Operation&, const at::Tensor& x) { return at::relu(x); }},
    {"sigmoid", [](const Operation&, const at::Tensor& x) { return at::sigmoid(x); }},
    {"clippedrelu", clippedRelu},
    {"leakyrelu", [](const Operation& op, const at::Tensor& x) { return at::leaky_relu(x, op.attributes.real("slope")); }},
    {"elu", [](const Operation& op, const at::Tensor& x) { return at::elu(x, op.attributes.real("alpha")); }},
    {"selu", [](const Operation&, const at::Tensor& x) { return at::selu(x); }},
    {"gelu", [](const Operation& op, const at::Tensor& x) { return at::gelu(x, op.attributes.boolean("tanh", false) ? "tanh" : "none"); }},
    {"silu", [](const Operation&, const at::Tensor& x) { return at::silu(x); }},
    {"softplus", [](const Operation& op,
                    const at::Tensor& x) { return at::softplus(x, op.attributes.real("beta", 1), op.attributes.real("threshold", 20)); }},
    {"softsign", [](const Operation&, const at::Tensor& x) { return x / (1 + at::abs(x)); }},
    {"exponential", [](const Operation&, const at::Tensor& x) { return at::exp(x); }},
    {"hardswish", [](const Operation&, const at::Tensor& x) { return at::hardswish(x); }},
    {"mish", [](const Operation&, const at::Tensor& x) { return at::mish(x); }},
    {"softmax", [](const Operation& op, const at::Tensor& x) { return at::softmax(x, softmaxDimension(op, x)); }},
    {"logsoftmax", [](const Operation& op, const at::Tensor& x) { return at::log_softmax(x, softmaxDimension(op, x)); }},
};

using Values = std::vector<at::Tensor>;

at::Tensor sum(const Values& values)
{
    return std::accumulate(values.begin() + 1, values.end(), values[0], [](const at::Tensor& a, const at::Tensor& b) { return a + b; });
}

template <at::Tensor (*Binary)(const at::Tensor&, const at::Tensor&)>
at::Tensor folded(const Operation&, const Values& values)
{
    return std::accumulate(values.begin() + 1, values.end(), values[0], Binary);
}

/// Those that take several inputs.
const std::map<std::string_view, at::Tensor (*)(const Operation&, const Values&)> mergers{
    {"concatenate", [](const Operation& op, const Values& values) { return at::cat(values, op.attributes.integer("axis", -1)); }},
    {"add", [](const Operation&, const Values& values) { return sum(values); }},
    {"average", [](const Operation&, const Values& values) { return sum(values) / static_cast<double>(values.size()); }},
    {"subtract", [](const Operation&, const Values& values) { return heldAt(values, 0) - heldAt(values, 1); }},
    {"multiply", folded<at::mul>},
    {"maximum", folded<at::maximum>},
    {"minimum", folded<at::minimum>},
};

}

std::vector<at::Tensor> compute(const Operation& operation, const std::vector<at::Tensor>& inputs)
{
    const bool isPlain = !inputs.empty() && std::all_of(operation.inputs.begin(), operation.inputs.end(),
                                                        [](const Input& input) { return input.name.empty(); });
    if (const auto merger = mergers.find(operation.kind); merger != mergers.end() && isPlain)
        return {merger->second(operation, inputs)};
    const auto forward = forwards.find(operation.kind);
    if (forward == forwards.end())
        throw Error("operation-unknown").expected("a kind that LibTorch's side can compute").found(printable(operation.kind));
    if (inputs.size() != 1 || !isPlain)
        throw Error("operation-inputs").expected("one input for " + operation.kind).found(std::to_string(inputs.size()));
    return {forward->second(operation, inputs.front())};
}

}
