// SPDX-License-Identifier: GPL-3.0-or-later
// permute: order (of the input's dimensions, batch included); or swap, two dimensions that change places, negative from the end.
#include "core/layers/regroup.h"
#include "core/layers/shapekinds.h"
#include "core/layers/slice.h"
#include "core/layers/spec.h"

#include <algorithm>
#include <numeric>

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    if (spec.raw.has("dims"))
        return {{"order", spec.raw.integers("dims")}};
    return {{"swap", Ints{spec.raw.integer("dim0"), spec.raw.integer("dim1")}}};
}

Attributes fromKeras(const KerasSpec& spec)
{
    Ints order = kerasList(spec.config, "dims");
    order.insert(order.begin(), 0);
    return {{"order", order}};
}

Json toKeras(const Op& op)
{
    Ints order = op.attributes.integers("order", Ints{});
    if (order.empty() || order.front() != 0 || std::any_of(order.begin(), order.end(), [](std::int64_t d) { return d < 0; }))
        throw Error("layer-no-twin").expected("an order of the dimensions behind the batch").found("another").at(printable(op.name));
    order.erase(order.begin());
    return {{"dims", order}};
}

TorchSpec toTorch(const Op& op)
{
    throw Error("layer-no-twin").expected("a class of torch.nn").found(op.kind).at(printable(op.name));
}

std::vector<Value> infer(const Call& call)
{
    return {permuted(call.input(), permutation(call.op, call.input().shape.size()))};
}

/// Labels tell what moved where, whatever the frameworks' layouts; with the same labels the order is to be the same too.
std::string difference(const Call& a, const Call& b)
{
    const Value *left = a.find(), *right = b.find();
    if (!left || !right || left->axes.empty() || left->axes != right->axes)
        return {};
    const auto places = [](const Call& call) {
        Ints result;
        for (const std::size_t place : permutation(call.op, call.input().shape.size()))
            result.push_back(static_cast<std::int64_t>(place));
        return result;
    };
    return differs("order", places(a), places(b));
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    return {text(op.attributes.integers(op.attributes.has("swap") ? "swap" : "order", Ints{}))};
}

}

std::vector<std::size_t> permutation(const Op& op, std::size_t rank)
{
    std::vector<std::size_t> order(rank);
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (op.attributes.has("swap")) {
        const Ints swap = op.attributes.integers("swap", 2);
        std::swap(order[placeOf(op, swap[0], rank)], order[placeOf(op, swap[1], rank)]);
        return order;
    }
    const Ints wanted = op.attributes.integers("order");
    std::vector<std::size_t> result;
    for (const std::int64_t axis : wanted)
        result.push_back(placeOf(op, axis, rank));
    if (!std::is_permutation(result.begin(), result.end(), order.begin(), order.end()))
        throw Error("shape-permute")
            .expected("an order of " + std::to_string(rank) + " dimensions, each once")
            .found(text(wanted))
            .at(printable(op.name));
    return result;
}

const Kind permute{.id = "permute",
                   .torchClasses = {"permute", "transpose"},
                   .kerasClasses = {"Permute"},
                   .aten = {{"permute", "permute", {{"self", "input"}, {"dims", "dims"}}},
                            {"transpose", "transpose", {{"self", "input"}, {"dim0", "dim0"}, {"dim1", "dim1"}}},
                            {"swapaxes", "transpose", {{"self", "input"}, {"axis0", "dim0"}, {"axis1", "dim1"}}},
                            {"swapdims", "transpose", {{"self", "input"}, {"dim0", "dim0"}, {"dim1", "dim1"}}}},
                   .effect = Effect::Reshapes,
                   .picks = true,
                   .fromTorch = fromTorch,
                   .fromKeras = fromKeras,
                   .toTorch = toTorch,
                   .toKeras = toKeras,
                   .infer = infer,
                   .difference = difference,
                   .words = words};

}
