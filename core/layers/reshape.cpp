// SPDX-License-Identifier: GPL-3.0-or-later
// reshape: start, end (dimensions, batch included, end counted in), and shape, the sizes in their place: -1 is what remains, -2-d the size
// of the input's dimension d; channels_last: where images made of vectors have their channels.
#include "core/layers/regroup.h"
#include "core/layers/shapekinds.h"
#include "core/layers/spec.h"
#include "core/layers/spread.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes settings(std::int64_t start, std::int64_t end, Ints shape, bool channelsLast)
{
    if (std::count(shape.begin(), shape.end(), -1) > 1 || std::find(shape.begin(), shape.end(), 0) != shape.end())
        unsupported("sizes " + text(shape), "sizes of which at most one is left open");
    return {{"start", start}, {"end", end}, {"shape", std::move(shape)}, {"channels_last", channelsLast}};
}

/// nn.Unflatten; or a function, whose "shape" is of one sample.
Attributes fromTorch(const TorchSpec& spec)
{
    if (spec.className != "Unflatten")
        return settings(1, -1, spec.raw.integers("shape"), spec.raw.boolean("channels_last", false));
    const std::int64_t dim = spec.raw.integer("dim");
    return settings(dim, dim, spec.raw.integers("unflattened_size"), false);
}

Attributes fromKeras(const KerasSpec& spec)
{
    return settings(1, -1, kerasList(spec.config, "target_shape"), true);
}

Json toKeras(const Op& op)
{
    const Ints shape = op.attributes.integers("shape");
    const bool isTold = std::all_of(shape.begin(), shape.end(), [](std::int64_t size) { return size >= -1; });
    if (op.attributes.integer("start", 1) != 1 || op.attributes.integer("end", -1) != -1 || !isTold)
        throw Error("layer-no-twin").expected("a reshaping of all but the batch").found("a part of the dimensions").at(printable(op.name));
    return {{"target_shape", shape}};
}

TorchSpec toTorch(const Op& op)
{
    if (op.attributes.integer("start", 1) != op.attributes.integer("end", -1))
        throw Error("layer-no-twin").expected("a reshaping of one dimension").found("one of several").at(printable(op.name));
    return {"Unflatten", {{"dim", op.attributes.integer("start")}, {"unflattened_size", op.attributes.integers("shape")}}, {}};
}

[[noreturn]] void doesNotFit(const Op& op, const Shape& from, const Ints& wanted)
{
    throw Error("shape-reshape")
        .expected(fmt::format("sizes {} in all as many as {}", text(wanted), text(from)))
        .found(fmt::format("{} values", elementCount(from)))
        .at(printable(op.name));
}

Shape resolved(const Op& op, const Value& in, const Shape& from)
{
    const Ints wanted = op.attributes.integers("shape");
    Shape sizes = wanted;
    std::int64_t known = 1;
    for (std::int64_t& size : sizes) {
        if (size < -1)
            size = in.shape[placeOf(op, -2 - size, in.shape.size())];
        if (size == 0 || (size > 0 && __builtin_mul_overflow(known, size, &known)))
            doesNotFit(op, from, wanted);
    }
    const std::int64_t count = elementCount(from);
    if (const auto open = std::find(sizes.begin(), sizes.end(), -1); open != sizes.end())
        *open = count / known;
    if (count < 1 || elementCount(sizes) != count)
        doesNotFit(op, from, wanted);
    return sizes;
}

/// Features of no known place become an image, or rows of features, as the framework lays them out.
std::optional<Axes> madeOfVector(const Op& op, const Value& in, const Shape& sizes)
{
    const bool isPlain = in.shape.size() == 2 && (in.axes.empty() || in.axes.back().order() == Order::Plain);
    const auto counts = [](Shape shape) {
        std::erase(shape, 1);
        return shape;
    };
    const Shape from(in.shape.begin() + 1, in.shape.end());
    const bool isRows = in.shape.size() == 3 && sizes.size() == 3 && counts(from) == counts(sizes); // a picture of one channel
    if ((!isPlain && !isRows) || sizes.size() < 2)
        return {};
    Axes axes = usualAxes(op.attributes.boolean("channels_last", false) ? Framework::Keras : Framework::Torch, sizes.size() + 1);
    axes.erase(axes.begin());
    return axes;
}

std::vector<Value> infer(const Call& call)
{
    const Value& in = call.input();
    const std::size_t rank = in.shape.size();
    const std::size_t start = placeOf(call.op, call.op.attributes.integer("start", 1), rank),
                      end = placeOf(call.op, call.op.attributes.integer("end", -1), rank);
    for (std::size_t d = start; d <= end; ++d)
        requireSamplesKept(call.op, in, d);
    if (start > end)
        throw Error("shape-reshape")
            .expected(fmt::format("dimensions within {}", text(in.shape)))
            .found(fmt::format("{} to {}", start, end))
            .at(printable(call.op.name));
    const auto from = static_cast<std::ptrdiff_t>(start), to = static_cast<std::ptrdiff_t>(end) + 1;
    const Shape given(in.shape.begin() + from, in.shape.begin() + to);
    const Shape sizes = resolved(call.op, in, given);
    Value out;
    out.shape.assign(in.shape.begin(), in.shape.begin() + from);
    out.shape.insert(out.shape.end(), sizes.begin(), sizes.end());
    out.shape.insert(out.shape.end(), in.shape.begin() + to, in.shape.end());
    if (in.axes.empty() || out.shape == in.shape)
        return {{out.shape, in.axes}};
    auto made = start == 1 && end + 1 == rank ? madeOfVector(call.op, in, sizes) : std::nullopt;
    const Axes axes = made ? *made : regrouped(Axes(in.axes.begin() + from, in.axes.begin() + to), given, sizes);
    out.axes.assign(in.axes.begin(), in.axes.begin() + from);
    out.axes.insert(out.axes.end(), axes.begin(), axes.end());
    out.axes.insert(out.axes.end(), in.axes.begin() + to, in.axes.end());
    return {out};
}

std::optional<Steps> spread(const Call& call, Framework framework, bool)
{
    return framework == Framework::Keras ? std::optional(reshapingOf(call)) : std::nullopt;
}

std::string difference(const Call& a, const Call& b)
{
    return outputsDiffer("sizes", a, b, infer);
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    return {text(op.attributes.integers("shape", Ints{}))};
}

}

const Kind reshape{.id = "reshape",
                   .torchClasses = {"Unflatten", "view"},
                   .kerasClasses = {"Reshape"},
                   .aten = {{"unflatten", "Unflatten", {{"self", "input"}, {"dim", "dim"}, {"sizes", "unflattened_size"}}}},
                   .effect = Effect::Reshapes,
                   .picks = true,
                   .fromTorch = fromTorch,
                   .fromKeras = fromKeras,
                   .toTorch = toTorch,
                   .toKeras = toKeras,
                   .infer = infer,
                   .difference = difference,
                   .words = words,
                   .spread = spread};

}
