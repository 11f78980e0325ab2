// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/torch/forwards.h"

#include "core/base/held.h"

#include <algorithm>

namespace core::worker::torch {

namespace {

at::Tensor same(const Operation&, const at::Tensor& x)
{
    return x;
}

/// Keras moves what it takes for channels to the end when told that they come first.
at::Tensor flatten(const Operation& op, const at::Tensor& x)
{
    if (op.attributes.boolean("channels_first", false) && x.dim() > 2)
        return at::flatten(at::movedim(x, 1, -1), 1).contiguous();
    return at::flatten(x, op.attributes.integer("start", 1), op.attributes.integer("end", -1)).contiguous();
}

at::Tensor select(const Operation& op, const at::Tensor& x)
{
    return at::select(x, op.attributes.integer("axis"), op.attributes.integer("index")).contiguous();
}

at::Tensor reshape(const Operation& op, const at::Tensor& x)
{
    const auto rank = x.dim();
    const auto place = [&](std::int64_t dimension) { return dimension < 0 ? dimension + rank : dimension; };
    const auto start = place(op.attributes.integer("start", 1)), end = place(op.attributes.integer("end", -1));
    std::vector<std::int64_t> sizes(x.sizes().begin(), x.sizes().begin() + start);
    for (const auto size : op.attributes.integers("shape"))
        sizes.push_back(size < -1 ? x.size(-2 - size) : size);
    sizes.insert(sizes.end(), x.sizes().begin() + end + 1, x.sizes().end());
    return x.reshape(sizes);
}

at::Tensor permute(const Operation& op, const at::Tensor& x)
{
    if (!op.attributes.has("swap"))
        return x.permute(op.attributes.integers("order"));
    const auto swap = op.attributes.integers("swap", 2);
    return x.transpose(heldAt(swap, 0), heldAt(swap, 1));
}

at::Tensor squeeze(const Operation& op, const at::Tensor& x)
{
    auto axes = op.attributes.integers("axes");
    for (auto& axis : axes)
        axis = axis < 0 ? axis + x.dim() : axis;
    std::sort(axes.rbegin(), axes.rend());
    auto result = x;
    for (const auto axis : axes)
        result = result.squeeze(axis);
    return result;
}

at::Tensor unsqueeze(const Operation& op, const at::Tensor& x)
{
    return x.unsqueeze(op.attributes.integer("axis"));
}

at::Tensor expand(const Operation& op, const at::Tensor& x)
{
    return x.expand(op.attributes.integers("sizes"));
}

at::Tensor tile(const Operation& op, const at::Tensor& x)
{
    return x.repeat(op.attributes.integers("times"));
}

at::Tensor repeatVector(const Operation& op, const at::Tensor& x)
{
    return x.unsqueeze(1).repeat({1, op.attributes.integer("times"), 1});
}

/// One dimension after the other; those that go, last.
at::Tensor slice(const Operation& op, const at::Tensor& x)
{
    const auto axes = op.attributes.integers("axes"), begin = op.attributes.integers("begin"), end = op.attributes.integers("end"),
               step = op.attributes.integers("step"), drop = op.attributes.integers("drop");
    auto result = x;
    std::vector<std::int64_t> dropped;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const auto axis = axes[i] < 0 ? axes[i] + x.dim() : axes[i];
        const auto first = heldAt(begin, i) < 0 ? heldAt(begin, i) + x.size(axis) : heldAt(begin, i);
        if (heldAt(drop, i) != 0) {
            result = result.narrow(axis, first, 1);
            dropped.push_back(axis);
        } else {
            result = result.slice(axis, heldAt(begin, i), heldAt(end, i), heldAt(step, i));
        }
    }
    std::sort(dropped.rbegin(), dropped.rend());
    for (const auto axis : dropped)
        result = result.squeeze(axis);
    for (const auto at : op.attributes.integers("insert", Ints{}))
        result = result.unsqueeze(at);
    return result;
}

Values split(const Operation& op, const Values& inputs)
{
    const auto& x = onlyInput(op, inputs);
    const auto axis = op.attributes.integer("axis");
    const auto sizes = op.attributes.integers("sizes", Ints{});
    Values pieces;
    if (!sizes.empty())
        pieces = x.split_with_sizes(sizes, axis);
    else if (op.attributes.has("parts"))
        pieces = x.chunk(op.attributes.integer("parts"), axis);
    else
        pieces = x.split(op.attributes.integer("size"), axis);
    if (op.attributes.boolean("drop", false))
        for (auto& piece : pieces)
            piece = piece.squeeze(axis);
    return pieces;
}

Values stack(const Operation& op, const Values& inputs)
{
    return {at::stack(inputs, op.attributes.integer("axis"))};
}

constexpr Forward table[] = {
    {"flatten", one<flatten>},     {"reshape", one<reshape>}, {"permute", one<permute>}, {"squeeze", one<squeeze>},
    {"unsqueeze", one<unsqueeze>}, {"expand", one<expand>},   {"tile", one<tile>},       {"repeatvector", one<repeatVector>},
    {"slice", one<slice>},         {"split", split},          {"stack", stack},          {"dropout", one<same>},
    {"identity", one<same>},       {"noise", one<same>},      {"select", one<select>},
};

}

std::span<const Forward> shapeForwards()
{
    return table;
}

}
