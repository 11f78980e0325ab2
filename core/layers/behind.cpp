// SPDX-License-Identifier: GPL-3.0-or-later
// What ops that reshape do to the number of dimensions and to the batch.
#include "core/layers/follow.h"
#include "core/layers/shapekinds.h"

#include <algorithm>

namespace core::layers {

namespace {

int count(const Op& op, const char* name)
{
    return static_cast<int>(op.attributes.integers(name, Ints{}).size());
}

/// How many dimensions more there are, nothing where that depends on sizes.
std::optional<int> added(const Op& op)
{
    if (op.kind == unsqueeze.id || op.kind == stack.id || op.kind == repeatVector.id)
        return 1;
    if (op.kind == select.id)
        return -1;
    if (op.kind == split.id)
        return op.attributes.boolean("drop", false) ? -1 : 0;
    if (op.kind == slice.id) {
        const Ints drop = op.attributes.integers("drop", Ints{});
        return count(op, "insert") - static_cast<int>(std::count(drop.begin(), drop.end(), 1));
    }
    if (op.kind == reshape.id && op.attributes.integer("start", 1) == op.attributes.integer("end", -1))
        return count(op, "shape") - 1;
    return op.kind == permute.id || op.kind == expand.id || op.kind == tile.id ? std::optional(0) : std::nullopt;
}

bool movesBatch(const Op& op, int rank)
{
    if (op.kind != permute.id)
        return false;
    const Ints order = op.attributes.integers("order", Ints{}), swap = op.attributes.integers("swap", Ints{});
    if (!order.empty())
        return order[0] != 0 && order[0] != -static_cast<std::int64_t>(order.size());
    return std::any_of(swap.begin(), swap.end(), [&](std::int64_t d) { return d == 0 || (d < 0 && (rank < 0 || d == -rank)); });
}

}

Behind behind(const Op& op, int rank)
{
    Behind result{-1, !movesBatch(op, rank)};
    if (op.kind == reshape.id && op.attributes.integer("start", 1) == 1 && op.attributes.integer("end", -1) == -1)
        result.rank = 1 + count(op, "shape");
    else if (op.kind == permute.id && op.attributes.has("order"))
        result.rank = count(op, "order");
    else if (const auto more = added(op); more && rank >= 0)
        result.rank = rank + *more;
    return result;
}

}
