// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/base/held.h"
#include "core/worker/torch/forwards.h"

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
        return {at::matmul(a, b)};
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

constexpr Forward table[] = {
    {"dot", dot},
    {"bilinear", bilinear},
};

}

std::span<const Forward> attentionForwards()
{
    return table;
}

}
