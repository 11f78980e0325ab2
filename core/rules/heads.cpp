// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/heads.h"

#include "core/base/error.h"
#include "core/rules/rules.h"

#include <fmt/format.h>

namespace core::rules {

namespace {

/// Rows and columns change places; a tensor of more dimensions is seen as a matrix of so many rows.
Tensor transposed(const Tensor& tensor, std::int64_t rows)
{
    const std::int64_t columns = rows > 0 ? tensor.count() / rows : 0;
    return tensor.reshaped({rows, columns}).transposed(std::vector<int>{1, 0});
}

/// `count` tensors, which hold as many values as `other` tensors.
void requireValues(const Application& what, std::size_t count, std::size_t other)
{
    std::int64_t taken = 0, given = 0;
    for (const Tensor& tensor : what.tensors)
        taken += elementCount(tensor.shape());
    for (const Parameter* target : what.to)
        given += elementCount(target->source.shape);
    if (what.tensors.size() != count || what.to.size() != other || taken != given)
        throw Error("rule-count")
            .expected(fmt::format("{} and {} parameters with as many values", count, other))
            .found(fmt::format("{} and {}, {} and {} values", what.tensors.size(), what.to.size(), taken, given))
            .at(what.id);
}

Error headsRefused(const Application& what, const Shape& from, const Shape& to)
{
    return Error("rule-shape").expected(text(to)).found(text(from)).at(what.id);
}

/// A matrix (rows, columns) as (columns, heads, features), its rows being the heads, or as (heads, features, rows), its columns being them.
Tensor apart(const Application& what, const Tensor& matrix, const Shape& to)
{
    const Shape& from = matrix.shape();
    const bool fits = from.size() == 2 && to.size() == 3 &&
                      ((to[0] == from[1] && to[1] * to[2] == from[0]) || (to[2] == from[0] && to[0] * to[1] == from[1]));
    if (!fits)
        throw headsRefused(what, from, to);
    return transposed(matrix, from[0]).reshaped(to, {});
}

Tensor together(const Application& what, const Tensor& heads, const Shape& to)
{
    const Shape& from = heads.shape();
    const bool fits = from.size() == 3 && to.size() == 2 &&
                      ((from[0] == to[1] && from[1] * from[2] == to[0]) || (from[2] == to[0] && from[0] * from[1] == to[1]));
    if (!fits)
        throw headsRefused(what, from, to);
    return transposed(heads, to[1]);
}

/// In the target's shape, type and labels.
Tensor finished(const Tensor& tensor, const Parameter& target)
{
    return cast(tensor.reshaped(target.source.shape, target.axes), target.source.dtype);
}

}

std::vector<Tensor> headsApart(const Application& what)
{
    requireValues(what, 1, 1);
    return {finished(apart(what, what.tensors[0], what.to[0]->source.shape), *what.to[0])};
}

std::vector<Tensor> headsTogether(const Application& what)
{
    requireValues(what, 1, 1);
    return {finished(together(what, what.tensors[0], what.to[0]->source.shape), *what.to[0])};
}

/// Three blocks of rows: query, key, value. Vectors and matrices of PyTorch's own keep their order.
std::vector<Tensor> headsSplit(const Application& what)
{
    requireValues(what, 1, 3);
    const Tensor& whole = what.tensors[0];
    if (whole.shape().empty() || whole.shape()[0] % 3 != 0)
        throw headsRefused(what, whole.shape(), what.to[0]->source.shape);
    Shape block = whole.shape();
    block[0] /= 3;
    const std::size_t size = whole.bytes().size() / 3;
    std::vector<Tensor> result;
    for (std::size_t i = 0; i < 3; ++i) {
        const Parameter& target = *what.to[i];
        const auto bytes = whole.bytes().subspan(i * size, size);
        Tensor part(whole.dtype(), block, std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end()));
        if (elementCount(target.source.shape) != elementCount(block))
            throw headsRefused(what, block, target.source.shape);
        if (target.source.shape.size() == 3)
            part = apart(what, part, target.source.shape);
        else if (block.size() == 2 && target.source.shape != block)
            throw headsRefused(what, block, target.source.shape);
        result.push_back(finished(part, target));
    }
    return result;
}

std::vector<Tensor> headsJoin(const Application& what)
{
    requireValues(what, 3, 1);
    const Parameter& target = *what.to[0];
    Shape block = target.source.shape;
    if (block.empty() || block[0] % 3 != 0)
        throw headsRefused(what, what.tensors[0].shape(), block);
    block[0] /= 3;
    auto bytes = std::make_shared<std::vector<std::byte>>();
    for (const Tensor& tensor : what.tensors) {
        const bool isPlain = block.size() == 1 || tensor.shape() == block;
        if (elementCount(tensor.shape()) != elementCount(block) || tensor.dtype() != what.tensors[0].dtype())
            throw headsRefused(what, tensor.shape(), block);
        const Tensor part = isPlain ? tensor : together(what, tensor, block);
        bytes->insert(bytes->end(), part.bytes().begin(), part.bytes().end());
    }
    return {finished(Tensor(what.tensors[0].dtype(), target.source.shape, std::move(bytes)), target)};
}

}
