// SPDX-License-Identifier: GPL-3.0-or-later
// Dimensions of one element and copies along dimensions; axes in the own layout, batch included, negative from the end.
// squeeze: axes (those of another size stay). unsqueeze: axis in the result. expand: sizes, beside the input's dimensions, -1: as it is.
// tile: times, beside the input's dimensions. repeatvector: times. stack: axis in the result, of two or more inputs of one shape.
#include "core/base/held.h"
#include "core/layers/mergekinds.h"
#include "core/layers/merging.h"
#include "core/layers/regroup.h"
#include "core/layers/shapekinds.h"
#include "core/layers/spec.h"
#include "core/layers/spread.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::layers {

namespace {

template <typename At>
auto at(std::vector<At>& values, std::size_t place)
{
    return values.begin() + static_cast<std::ptrdiff_t>(place);
}

TorchSpec noTorchClass(const Op& op)
{
    throw Error("layer-no-twin").expected("a class of torch.nn").found(op.kind).at(printable(op.name));
}

Json noKerasLayer(const Op& op)
{
    throw Error("layer-no-twin").expected("a layer of Keras").found(op.kind).at(printable(op.name));
}

/// One integer or several.
Ints listed(const Attributes& raw, const std::string& name)
{
    for (const auto& [key, value] : raw)
        if (const auto* single = std::get_if<std::int64_t>(&value); single && key == name)
            return {*single};
    return raw.integers(name);
}

Attributes squeezeFromTorch(const TorchSpec& spec)
{
    if (!spec.raw.has("dim"))
        unsupported("every dimension of one element taken away, also the batch", "dimensions that are told");
    return {{"axes", listed(spec.raw, "dim")}};
}

std::vector<Value> squeezeInfer(const Call& call)
{
    Value out = call.input();
    std::vector<std::size_t> places;
    for (const std::int64_t axis : call.op.attributes.integers("axes"))
        if (const std::size_t place = placeOf(call.op, axis, out.shape.size()); out.shape[place] == 1) {
            requireSamplesKept(call.op, call.input(), place);
            places.push_back(place);
        }
    std::sort(places.rbegin(), places.rend());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    for (const std::size_t place : places) {
        out.shape.erase(at(out.shape, place));
        if (!out.axes.empty())
            out.axes.erase(at(out.axes, place));
    }
    return {out};
}

Attributes axisFromTorch(const TorchSpec& spec)
{
    return {{"axis", spec.raw.integer("dim", 0)}};
}

/// Of a dimension that is put in.
std::size_t newPlace(const Op& op, std::size_t rank)
{
    const std::size_t place = placeOf(op, op.attributes.integer("axis"), rank + 1);
    if (place == 0)
        throw Error("shape-batch").expected("the batch in front").found("a dimension before it").at(printable(op.name));
    return place;
}

std::vector<Value> unsqueezeInfer(const Call& call)
{
    Value out = call.input();
    const std::size_t place = newPlace(call.op, out.shape.size());
    out.shape.insert(at(out.shape, place), 1);
    if (!out.axes.empty())
        out.axes.insert(at(out.axes, place), Axis());
    return {out};
}

Attributes expandFromTorch(const TorchSpec& spec)
{
    return {{"sizes", spec.raw.integers("sizes")}};
}

Attributes tileFromTorch(const TorchSpec& spec)
{
    return {{"times", spec.raw.integers("times")}};
}

/// Each dimension so many times as long.
std::vector<Value> repeated(const Call& call, const Ints& times)
{
    const Value& in = call.input();
    Value out = in;
    if (times.size() != in.shape.size())
        throw Error("shape-copies")
            .expected(fmt::format("a number for each dimension of {}", text(in.shape)))
            .found(text(times))
            .at(printable(call.op.name));
    for (std::size_t d = 0; d < times.size(); ++d) {
        if (times[d] == 1)
            continue;
        requireSamplesKept(call.op, in, d);
        if (times[d] < 1 || __builtin_mul_overflow(in.shape[d], times[d], &out.shape[d]))
            throw Error("shape-copies").expected("at least one copy").found(text(times)).at(printable(call.op.name));
        if (!out.axes.empty() && in.shape[d] != 1)
            out.axes[d] = partOf(in.axes[d], call.op);
    }
    return {out};
}

std::vector<Value> expandInfer(const Call& call)
{
    const Shape& from = call.input().shape;
    Ints times = call.op.attributes.integers("sizes");
    for (std::size_t d = 0; d < std::min(times.size(), from.size()); ++d) {
        if (times[d] != -1 && times[d] != from[d] && from[d] != 1)
            throw Error("shape-copies").expected(fmt::format("{} stretched", text(from))).found(text(times)).at(printable(call.op.name));
        times[d] = times[d] == -1 || times[d] == from[d] ? 1 : times[d];
    }
    return repeated(call, times);
}

std::vector<Value> tileInfer(const Call& call)
{
    return repeated(call, call.op.attributes.integers("times"));
}

Attributes repeatFromKeras(const KerasSpec& spec)
{
    return {{"times", kerasInt(spec.config, "n", 0)}};
}

Json repeatToKeras(const Op& op)
{
    return {{"n", op.attributes.integer("times")}};
}

std::vector<Value> repeatInfer(const Call& call)
{
    const Value& in = call.input();
    const std::int64_t times = call.op.attributes.integer("times");
    if (in.shape.size() != 2 || times < 1)
        throw Error("shape-copies")
            .expected("a vector a sample, and at least one copy")
            .found(fmt::format("{} copies of {}", times, text(in.shape)))
            .at(printable(call.op.name));
    Value out{{in.shape[0], times, in.shape[1]}, {}};
    if (!in.axes.empty())
        out.axes = {in.axes[0], {"T", {}}, in.axes[1]};
    return {out};
}

std::vector<Value> stackInfer(const Call& call)
{
    const std::vector<Value> inputs = call.inputs();
    Value out = inputs[0];
    for (const Value& input : inputs) {
        if (input.shape != out.shape)
            throw Error("shape-stack").expected(text(out.shape)).found(text(input.shape)).at(printable(call.op.name));
        if (input.axes.empty())
            out.axes.clear();
        for (std::size_t d = 0; d < out.axes.size(); ++d)
            out.axes[d] = sameOrLost(out.axes[d], input.axes[d]);
    }
    const std::size_t place = newPlace(call.op, out.shape.size());
    out.shape.insert(at(out.shape, place), static_cast<std::int64_t>(inputs.size()));
    if (!out.axes.empty())
        out.axes.insert(at(out.axes, place), Axis{"S", {}});
    return {out};
}

template <std::vector<Value> (*Infer)(const Call&)>
std::string outputsDifference(const Call& a, const Call& b)
{
    return outputsDiffer("sizes", a, b, Infer);
}

/// Keras has dimensions of one element put in or taken away by a Reshape.
std::optional<Steps> reshaped(const Call& call, Framework framework, bool)
{
    return framework == Framework::Keras ? std::optional(reshapingOf(call)) : std::nullopt;
}

std::optional<Steps> stacked(const Call& call, Framework framework, bool)
{
    if (framework != Framework::Keras)
        return {};
    const Shape result = inferred(stack, call).front().shape;
    const std::size_t place = placeOf(call.op, call.op.attributes.integer("axis"), result.size());
    Shape single(result.begin() + 1, result.end());
    heldAt(single, place - 1) = 1;
    Steps steps;
    std::vector<Input> pieces;
    for (std::size_t i = 0; i < call.count(); ++i) {
        Step step = reshaping("piece" + std::to_string(i), single);
        step.inputs = {Input(Port(-1, static_cast<int>(i)))};
        pieces.emplace_back(Port(static_cast<int>(steps.steps.size())));
        steps.steps.push_back(std::move(step));
    }
    steps.steps.push_back({"", concatenate.id, {{"axis", static_cast<std::int64_t>(place)}}, pieces});
    steps.outputs = {Port(static_cast<int>(steps.steps.size()) - 1)};
    return steps;
}

template <std::vector<Value> (*Infer)(const Call&)>
Kind sized(std::string_view id, Attributes (*fromTorch)(const TorchSpec&), std::vector<AtenForm> aten)
{
    Kind kind;
    kind.id = id;
    for (const AtenForm& form : aten)
        kind.torchClasses.push_back(form.className);
    kind.aten = std::move(aten);
    kind.effect = Effect::Reshapes;
    kind.fromTorch = fromTorch;
    kind.toTorch = noTorchClass;
    kind.toKeras = noKerasLayer;
    kind.infer = Infer;
    kind.difference = outputsDifference<Infer>;
    return kind;
}

Kind withReshape(Kind kind)
{
    kind.spread = reshaped;
    return kind;
}

Kind repeatKind()
{
    Kind kind = sized<repeatInfer>("repeatvector", nullptr, {});
    kind.kerasClasses = {"RepeatVector"};
    kind.fromKeras = repeatFromKeras;
    kind.toKeras = repeatToKeras;
    return kind;
}

Kind stackKind()
{
    Kind kind = sized<stackInfer>("stack", axisFromTorch, {{"stack", "stack", {{"tensors", "input"}, {"dim", "dim"}}}});
    kind.takes = {2, Takes::any, {}};
    kind.spread = stacked;
    return kind;
}

}

const Kind squeeze =
    withReshape(sized<squeezeInfer>("squeeze", squeezeFromTorch, {{"squeeze", "squeeze", {{"self", "input"}, {"dim", "dim"}}}}));
const Kind unsqueeze =
    withReshape(sized<unsqueezeInfer>("unsqueeze", axisFromTorch, {{"unsqueeze", "unsqueeze", {{"self", "input"}, {"dim", "dim"}}}}));
const Kind expand = sized<expandInfer>("expand", expandFromTorch, {{"expand", "expand", {{"self", "input"}, {"size", "sizes"}}}});
const Kind tile = sized<tileInfer>(
    "tile", tileFromTorch,
    {{"repeat", "repeat", {{"self", "input"}, {"repeats", "times"}}}, {"tile", "tile", {{"self", "input"}, {"dims", "times"}}}});
const Kind repeatVector = repeatKind();
const Kind stack = stackKind();

}
