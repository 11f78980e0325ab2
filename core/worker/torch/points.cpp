// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/torch/forwards.h"

namespace core::worker::torch {

namespace {

/// dim=None is the first of one or three dimensions, else the second (torch.nn.functional._get_softmax_dim).
std::int64_t softmaxDimension(const Operation& op, const at::Tensor& x)
{
    if (!op.attributes.boolean("implicit", false))
        return op.attributes.integer("axis");
    return x.dim() == 0 || x.dim() == 1 || x.dim() == 3 ? 0 : 1;
}

/// An activation without settings.
template <at::Tensor (*Function)(const at::Tensor&)>
Values plain(const Operation& op, const Values& inputs)
{
    return {Function(onlyInput(op, inputs))};
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

at::Tensor leakyRelu(const Operation& op, const at::Tensor& x)
{
    return at::leaky_relu(x, op.attributes.real("slope"));
}

at::Tensor elu(const Operation& op, const at::Tensor& x)
{
    return at::elu(x, op.attributes.real("alpha"));
}

at::Tensor gelu(const Operation& op, const at::Tensor& x)
{
    return at::gelu(x, op.attributes.boolean("tanh", false) ? "tanh" : "none");
}

at::Tensor softplus(const Operation& op, const at::Tensor& x)
{
    return at::softplus(x, op.attributes.real("beta", 1), op.attributes.real("threshold", 20));
}

at::Tensor softsign(const Operation&, const at::Tensor& x)
{
    return x / (1 + at::abs(x));
}

at::Tensor softmax(const Operation& op, const at::Tensor& x)
{
    return at::softmax(op.attributes.boolean("negated", false) ? -x : x, softmaxDimension(op, x));
}

at::Tensor logSoftmax(const Operation& op, const at::Tensor& x)
{
    return at::log_softmax(x, softmaxDimension(op, x));
}

at::Tensor celu(const Operation& op, const at::Tensor& x)
{
    return at::celu(x, op.attributes.real("alpha"));
}

/// Of Keras 2 and 3, which differ in the slope; PyTorch's own is that of Keras 3.
at::Tensor hardSigmoid(const Operation& op, const at::Tensor& x)
{
    return at::clamp(x * op.attributes.real("slope") + 0.5, 0, 1);
}

at::Tensor clip(const Operation& op, const at::Tensor& x)
{
    at::Tensor result = x;
    if (op.attributes.has("min"))
        result = at::clamp_min(result, op.attributes.real("min"));
    return op.attributes.has("max") ? at::clamp_max(result, op.attributes.real("max")) : result;
}

at::Tensor threshold(const Operation& op, const at::Tensor& x)
{
    return at::threshold(x, op.attributes.real("threshold"), op.attributes.real("value"));
}

at::Tensor hardShrink(const Operation& op, const at::Tensor& x)
{
    return at::hardshrink(x, op.attributes.real("lambda"));
}

at::Tensor softShrink(const Operation& op, const at::Tensor& x)
{
    return at::softshrink(x, op.attributes.real("lambda"));
}

at::Tensor tanhShrink(const at::Tensor& x)
{
    return x - at::tanh(x);
}

at::Tensor affine(const Operation& op, const at::Tensor& x)
{
    return x * op.attributes.real("scale") + op.attributes.real("offset");
}

at::Tensor power(const Operation& op, const at::Tensor& x)
{
    return at::pow(x, op.attributes.real("exponent"));
}

/// PyTorch's slopes lie along the channels; Keras' have the sample's shape.
at::Tensor prelu(const Operation& op, const at::Tensor& x)
{
    const auto alpha = parameter(op, "alpha");
    if (op.attributes.has("count"))
        return at::prelu(x, alpha);
    return at::relu(x) - alpha * at::relu(-x);
}

at::Tensor glu(const Operation& op, const at::Tensor& x)
{
    return at::glu(x, op.attributes.integer("axis"));
}

at::Tensor meanOver(const Operation& op, const at::Tensor& x)
{
    const auto axes = op.attributes.integers("axes");
    return at::mean(x, at::IntArrayRef(axes), op.attributes.boolean("keepdims", false));
}

at::Tensor sumOver(const Operation& op, const at::Tensor& x)
{
    const auto axes = op.attributes.integers("axes");
    return at::sum(x, at::IntArrayRef(axes), op.attributes.boolean("keepdims", false));
}

at::Tensor highest(const Operation& op, const at::Tensor& x)
{
    const auto axes = op.attributes.integers("axes");
    return at::amax(x, at::IntArrayRef(axes), op.attributes.boolean("keepdims", false));
}

at::Tensor lowest(const Operation& op, const at::Tensor& x)
{
    const auto axes = op.attributes.integers("axes");
    return at::amin(x, at::IntArrayRef(axes), op.attributes.boolean("keepdims", false));
}

constexpr Forward table[] = {
    {"celu", one<celu>},
    {"hardsigmoid", one<hardSigmoid>},
    {"clip", one<clip>},
    {"threshold", one<threshold>},
    {"hardshrink", one<hardShrink>},
    {"softshrink", one<softShrink>},
    {"tanhshrink", plain<tanhShrink>},
    {"logsigmoid", plain<at::log_sigmoid>},
    {"affine", one<affine>},
    {"power", one<power>},
    {"abs", plain<at::abs>},
    {"sqrt", plain<at::sqrt>},
    {"log", plain<at::log>},
    {"sin", plain<at::sin>},
    {"cos", plain<at::cos>},
    {"prelu", one<prelu>},
    {"glu", one<glu>},
    {"mean", one<meanOver>},
    {"sum", one<sumOver>},
    {"highest", one<highest>},
    {"lowest", one<lowest>},
    {"tanh", plain<at::tanh>},
    {"relu", plain<at::relu>},
    {"sigmoid", plain<at::sigmoid>},
    {"selu", plain<at::selu>},
    {"silu", plain<at::silu>},
    {"exponential", plain<at::exp>},
    {"hardswish", plain<at::hardswish>},
    {"mish", plain<at::mish>},
    {"clippedrelu", one<clippedRelu>},
    {"leakyrelu", one<leakyRelu>},
    {"elu", one<elu>},
    {"gelu", one<gelu>},
    {"softplus", one<softplus>},
    {"softsign", one<softsign>},
    {"softmax", one<softmax>},
    {"logsoftmax", one<logSoftmax>},
};

}

std::span<const Forward> pointForwards()
{
    return table;
}

}
