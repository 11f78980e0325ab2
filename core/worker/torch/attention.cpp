// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/base/held.h"
#include "core/worker/torch/forwards.h"

#include <cmath>
#include <limits>

namespace core::worker::torch {

namespace {

std::int64_t fromFront(std::int64_t axis, const at::Tensor& x)
{
    return axis < 0 ? axis + x.dim() : axis;
}

/// Divided by their length along the axis, as torch.nn.functional.normalize does.
at::Tensor normalized(const at::Tensor& x, std::int64_t axis)
{
    return x / x.norm(2, {axis}, true).clamp_min(1e-12);
}

/// Matrices by matmul, other axes as tensordot does for each sample.
Values dot(const Operation& op, const Values& inputs)
{
    at::Tensor a = heldAt(inputs, 0), b = heldAt(inputs, 1);
    const auto axes = op.attributes.integers("axes", 2);
    const auto left = fromFront(axes[0], a), right = fromFront(axes[1], b), shared = op.attributes.integer("batch", 1);
    if (op.attributes.boolean("normalize", false)) {
        a = normalized(a, left);
        b = normalized(b, right);
    }
    if (shared == 0)
        return {at::matmul(left == a.dim() - 2 ? a.transpose(-2, -1) : a, right == b.dim() - 1 ? b.transpose(-2, -1) : b)};
    if (shared != 1)
        throw Error("operation-inputs").expected("one dimension of samples for dot").found(std::to_string(shared));
    std::vector<std::int64_t> sizes{a.size(0)};
    for (const auto& [value, axis] : {std::pair(a, left), std::pair(b, right)})
        for (std::int64_t d = 1; d < value.dim(); ++d)
            if (d != axis)
                sizes.push_back(value.size(d));
    if (sizes.size() == 1)
        sizes.push_back(1);
    const auto rows = a.movedim(left, -1).reshape({a.size(0), -1, a.size(left)});
    const auto columns = b.movedim(right, 1).reshape({b.size(0), b.size(right), -1});
    return {at::bmm(rows, columns).reshape(sizes)};
}

Values bilinear(const Operation& op, const Values& inputs)
{
    return {at::bilinear(heldAt(inputs, 0), heldAt(inputs, 1), parameter(op, "kernel"), given(optionalParameter(op, "bias")))};
}

/// The input of that name.
const at::Tensor& inputNamed(const Operation& op, const Values& inputs, std::string_view name)
{
    for (std::size_t i = 0; i < op.inputs.size() && i < inputs.size(); ++i)
        if (op.inputs[i].name == name)
            return inputs[i];
    throw Error("operation-inputs").expected("an input called " + std::string(name) + " for " + op.kind).found("none");
}

/// (N, T, features) as (N, heads, T, features of one).
at::Tensor byHeads(const at::Tensor& x, std::int64_t heads)
{
    return x.unflatten(-1, {heads, x.size(-1) / heads}).transpose(1, 2);
}

/// The attention of each head, and what the values make of it, as (N, T, features).
Values attended(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, std::int64_t heads, bool causal)
{
    const auto q = byHeads(query, heads), k = byHeads(key, heads), v = byHeads(value, heads);
    auto products = at::matmul(q / std::sqrt(static_cast<double>(q.size(-1))), k.transpose(-2, -1));
    if (causal)
        products = products.masked_fill(at::ones({q.size(-2), k.size(-2)}, at::kBool).tril().logical_not(),
                                        -std::numeric_limits<float>::infinity());
    const auto scores = at::softmax(products, -1);
    return {at::matmul(scores, v).transpose(1, 2).flatten(2), scores};
}

/// nn.MultiheadAttention with the batch first.
Values multihead(const Operation& op, const Values& inputs)
{
    const Values taken{inputNamed(op, inputs, ""), inputNamed(op, inputs, "key"), inputNamed(op, inputs, "value")};
    Values kernels, biases(3), projected;
    if (op.attributes.boolean("packed", true))
        kernels = parameter(op, "in_kernel").chunk(3);
    else
        kernels = {parameter(op, "q_kernel"), parameter(op, "k_kernel"), parameter(op, "v_kernel")};
    if (const at::Tensor bias = optionalParameter(op, "in_bias"); bias.defined())
        biases = bias.chunk(3);
    for (std::size_t i = 0; i < 3; ++i)
        projected.push_back(at::linear(taken[i], heldAt(kernels, i), given(heldAt(biases, i))));
    Values made =
        attended(projected[0], projected[1], projected[2], op.attributes.integer("heads"), op.attributes.boolean("causal", false));
    Values result{at::linear(made[0], parameter(op, "out_kernel"), given(optionalParameter(op, "out_bias")))};
    if (op.attributes.boolean("scores", false))
        result.push_back(op.attributes.boolean("averaged", true) ? made[1].mean(1) : made[1]);
    return result;
}

/// Query, value and key: a third plain input, one called key, or the value.
struct Attended
{
    at::Tensor query, key, value;
};

Attended attendedOf(const Operation& op, const Values& inputs)
{
    Values plain;
    at::Tensor key;
    for (std::size_t i = 0; i < op.inputs.size() && i < inputs.size(); ++i) {
        if (op.inputs[i].name.empty())
            plain.push_back(inputs[i]);
        else
            key = inputs[i];
    }
    if (plain.size() < 2)
        throw Error("operation-inputs").expected("a query and a value for " + op.kind).found("fewer");
    return {plain[0], key.defined() ? key : plain.size() > 2 ? plain[2] : plain[1], plain[1]};
}

Values shared(const Operation& op, at::Tensor scores, const at::Tensor& value)
{
    if (op.attributes.boolean("causal", false))
        scores = scores.masked_fill(at::ones({scores.size(-2), scores.size(-1)}, at::kBool).tril().logical_not(),
                                    -std::numeric_limits<float>::infinity());
    scores = at::softmax(scores, -1);
    Values result{at::matmul(scores, value)};
    if (op.attributes.boolean("scores", false))
        result.push_back(scores);
    return result;
}

/// torch.nn.functional.scaled_dot_product_attention, as its documentation spells it out.
Values attention(const Operation& op, const Values& inputs)
{
    const Attended taken = attendedOf(op, inputs);
    const double told = op.attributes.real("factor", 1);
    const double factor = told != 0 ? told : 1 / std::sqrt(static_cast<double>(taken.query.size(-1)));
    return shared(op, at::matmul(taken.query, taken.key.transpose(-2, -1)) * factor, taken.value);
}

/// Every query beside every key.
Values additiveAttention(const Operation& op, const Values& inputs)
{
    const Attended taken = attendedOf(op, inputs);
    const auto sums = at::tanh(taken.query.unsqueeze(-2) + taken.key.unsqueeze(-3));
    const auto scale = optionalParameter(op, "scale");
    return shared(op, (scale.defined() ? sums * scale : sums).sum(-1), taken.value);
}

constexpr Forward table[] = {
    {"attention", attention}, {"additiveattention", additiveAttention}, {"dot", dot}, {"bilinear", bilinear}, {"multihead", multihead},
};

}

std::span<const Forward> attentionForwards()
{
    return table;
}

}
