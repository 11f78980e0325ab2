// SPDX-License-Identifier: GPL-3.0-or-later
// mean, sum, highest, lowest over axes (own layout, batch included, negative from the end; never the batch itself), keepdims.
#include "core/layers/imagekinds.h"
#include "core/layers/pointkinds.h"
#include "core/layers/regroup.h"
#include "core/layers/spec.h"
#include "core/layers/spread.h"
#include "core/layers/turned.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    Ints axes;
    for (const auto& [name, value] : spec.raw)
        if (const auto* single = std::get_if<std::int64_t>(&value); single && name == "dim")
            axes = {*single};
    if (axes.empty())
        axes = spec.raw.integers("dim", Ints{});
    if (axes.empty())
        unsupported("one value of the whole batch", "axes that are told");
    return {{"axes", axes}, {"keepdims", spec.raw.boolean("keepdim", false)}};
}

TorchSpec noTorchClass(const Op& op)
{
    throw Error("layer-no-twin").expected("a class of torch.nn").found(op.kind).at(printable(op.name));
}

Json noKerasLayer(const Op& op)
{
    throw Error("layer-no-twin").expected("a layer of Keras").found(op.kind).at(printable(op.name));
}

std::vector<Value> infer(const Call& call)
{
    const Value& in = call.input();
    const bool keeps = call.op.attributes.boolean("keepdims", false);
    Value out;
    const std::vector<bool> goes = reducedPlaces(call.op, in);
    for (std::size_t d = 0; d < goes.size(); ++d) {
        if (goes[d])
            requireSamplesKept(call.op, in, d);
        if (goes[d] && !keeps)
            continue;
        out.shape.push_back(goes[d] ? 1 : in.shape[d]);
        if (!in.axes.empty())
            out.axes.push_back(goes[d] ? Axis{in.axes[d].name, {}} : in.axes[d]);
    }
    return {out};
}

std::string difference(const Call& a, const Call& b)
{
    return outputsDiffer("sizes", a, b, infer);
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    return {fmt::format("over [{}]", fmt::join(op.attributes.integers("axes", Ints{}), ","))};
}

/// What goes lies behind the batch.
Turned turned(const Call& here, Framework, const Arrangement& given)
{
    const std::vector<bool> goes = reducedPlaces(here.op, here.input());
    const bool keeps = here.op.attributes.boolean("keepdims", false);
    Arrangement order{given.front()}, left{given.front()};
    for (const bool first : {true, false})
        for (std::size_t k = 1; k < given.size(); ++k)
            if (goes[given[k]] == first) {
                order.push_back(given[k]);
                if (!first) // its place among those that stay
                    left.push_back(given[k] - static_cast<std::size_t>(
                                                  std::count(goes.begin(), goes.begin() + static_cast<std::ptrdiff_t>(given[k]), true)));
            }
    Attributes settings = here.op.attributes;
    Ints axes;
    for (std::size_t k = 1; k < order.size() && goes[order[k]]; ++k)
        axes.push_back(static_cast<std::int64_t>(k));
    settings.set("axes", axes);
    return {settings, order, {keeps ? order : left}};
}

/// A pooling over everything, of what goes seen as one dimension and what stays as another.
std::optional<Steps> spread(const Call& call, Framework framework, bool)
{
    if (framework != Framework::Keras)
        return {};
    const Shape &shape = call.input().shape, result = infer(call).front().shape;
    const std::vector<bool> goes = reducedPlaces(call.op, call.input());
    std::int64_t gone = 1, left = 1;
    for (std::size_t d = 1; d < shape.size(); ++d)
        (goes[d] ? gone : left) *= shape[d];
    const bool picks = call.op.kind == highest.id || call.op.kind == lowest.id, turns = call.op.kind == lowest.id;
    std::vector<Step> steps;
    if (turns)
        steps.push_back(rescaling("turned", -1, 0));
    const auto places = static_cast<std::size_t>(std::count(goes.begin(), goes.end(), true));
    const bool isImage = places == 2 && shape.size() == 4 && !call.op.attributes.boolean("keepdims", false);
    if (!isImage && Shape{gone, left} != Shape(shape.begin() + 1, shape.end()))
        steps.push_back(reshaping("view", {gone, left}));
    const Kind& pooling = picks ? (isImage ? globalMaxPool2d : globalMaxPool1d) : (isImage ? globalAvgPool2d : globalAvgPool1d);
    steps.push_back({"pool", pooling.id, {{"keepdims", false}}, {}});
    if (Shape{left} != Shape(result.begin() + 1, result.end()))
        steps.push_back(reshaping("shape", Shape(result.begin() + 1, result.end())));
    if (turns || call.op.kind == sumOver.id)
        steps.push_back(rescaling("scaled", turns ? -1 : static_cast<double>(gone), 0));
    return chainOf(std::move(steps));
}

Kind reducing(std::string_view id, std::string_view aten, bool picks)
{
    Kind kind;
    kind.id = id;
    kind.torchClasses = {aten};
    kind.aten = {{aten, aten, {{"self", "input"}, {"dim", "dim"}, {"keepdim", "keepdim"}}}};
    kind.effect = Effect::Reshapes;
    kind.picks = picks;
    kind.fromTorch = fromTorch;
    kind.toTorch = noTorchClass;
    kind.toKeras = noKerasLayer;
    kind.infer = infer;
    kind.difference = difference;
    kind.words = words;
    kind.turned = turned;
    kind.spread = spread;
    return kind;
}

}

std::vector<bool> reducedPlaces(const Op& op, const Value& in)
{
    std::vector<bool> result(in.shape.size());
    for (const std::int64_t axis : op.attributes.integers("axes"))
        result[placeOf(op, axis, in.shape.size())] = true;
    return result;
}

const Kind meanOver = reducing("mean", "mean", false);
const Kind sumOver = reducing("sum", "sum", false);
const Kind highest = reducing("highest", "amax", true);
const Kind lowest = reducing("lowest", "amin", true);

}
