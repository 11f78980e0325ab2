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
    return at::softmax(x, softmaxDimension(op, x));
}

at::Tensor logSoftmax(const Operation& op, const at::Tensor& x)
{
    return at::log_softmax(x, softmaxDimension(op, x));
}

constexpr Forward table[] = {
    {"tanh", plain<at::tanh>},           {"relu", plain<at::relu>},   {"sigmoid", plain<at::sigmoid>},
    {"selu", plain<at::selu>},           {"silu", plain<at::silu>},   {"exponential", plain<at::exp>},
    {"hardswish", plain<at::hardswish>}, {"mish", plain<at::mish>},   {"clippedrelu", one<clippedRelu>},
    {"leakyrelu", one<leakyRelu>},       {"elu", one<elu>},           {"gelu", one<gelu>},
    {"softplus", one<softplus>},         {"softsign", one<softsign>}, {"softmax", one<softmax>},
    {"logsoftmax", one<logSoftmax>},
};

}

std::span<const Forward> pointForwards()
{
    return table;
}

}
