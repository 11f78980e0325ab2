// SPDX-License-Identifier: GPL-3.0-or-later
// flatten: start, end (dimensions, batch included, end counted in). Keras flattens all but the batch; channels_first: what it takes for
// channels, the dimension behind the batch, is moved to the end before.
#include "core/layers/regroup.h"
#include "core/layers/shapekinds.h"
#include "core/layers/spec.h"
#include "core/layers/spread.h"
#include "core/layers/turned.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    return {{"start", spec.raw.integer("start_dim", 1)}, {"end", spec.raw.integer("end_dim", -1)}};
}

Attributes fromKeras(const KerasSpec& spec)
{
    Attributes result{{"start", std::int64_t{1}}, {"end", std::int64_t{-1}}};
    if (kerasText(spec.config, "data_format", "channels_last") == "channels_first")
        result.set("channels_first", true);
    return result;
}

Json toKeras(const Op& op)
{
    if (op.attributes.integer("start", 1) != 1 || op.attributes.integer("end", -1) != -1)
        throw Error("layer-no-twin").expected("a flattening of all but the batch").found("a part of the dimensions").at(printable(op.name));
    return {{"data_format", op.attributes.boolean("channels_first", false) ? "channels_first" : "channels_last"}};
}

TorchSpec toTorch(const Op& op)
{
    if (op.attributes.boolean("channels_first", false))
        throw Error("layer-no-twin")
            .expected("a flattening in the order of the dimensions")
            .found("channels moved to the end")
            .at(printable(op.name));
    return {"Flatten", {{"start_dim", op.attributes.integer("start", 1)}, {"end_dim", op.attributes.integer("end", -1)}}, {}};
}

/// ATen's defaults are not those of nn.Flatten; a view that is known to flatten has none of its settings.
void fromAten(std::string_view name, TorchSpec& spec)
{
    const bool isView = name != "flatten";
    const Attributes given = isView ? Attributes() : spec.raw;
    spec.raw = {{"start_dim", given.integer("start_dim", isView ? 1 : 0)}, {"end_dim", given.integer("end_dim", -1)}};
}

Value channelsLast(const Value& in)
{
    std::vector<std::size_t> order{0};
    for (std::size_t d = 2; d < in.shape.size(); ++d)
        order.push_back(d);
    order.push_back(1);
    return permuted(in, order);
}

std::vector<Value> infer(const Call& call)
{
    const bool moves = call.op.attributes.boolean("channels_first", false) && call.input().shape.size() > 2;
    const Value in = moves ? channelsLast(call.input()) : call.input();
    const auto rank = static_cast<std::int64_t>(in.shape.size());
    const auto absolute = [&](std::int64_t d) { return d < 0 ? d + rank : d; };
    const std::int64_t start = absolute(call.op.attributes.integer("start", 1)), end = absolute(call.op.attributes.integer("end", -1));
    if (start < 0 || end >= rank || start > end + 1)
        throw Error("shape-flatten")
            .expected(fmt::format("dimensions within {}", text(in.shape)))
            .found(fmt::format("{} to {}", start, end))
            .at(printable(call.op.name));
    if (start > end) // Keras flattens (N,) to (N,1); PyTorch never gets here
        return {in};
    Value out;
    const auto from = in.shape.begin() + start, to = in.shape.begin() + end + 1;
    out.shape.assign(in.shape.begin(), from);
    out.shape.push_back(elementCount(Shape(from, to)));
    out.shape.insert(out.shape.end(), to, in.shape.end());
    if (!in.axes.empty()) {
        out.axes.assign(in.axes.begin(), in.axes.begin() + start);
        out.axes.push_back(
            regrouped(Axes(in.axes.begin() + start, in.axes.begin() + end + 1), Shape(from, to), {out.shape[out.axes.size()]})[0]);
        out.axes.insert(out.axes.end(), in.axes.begin() + end + 1, in.axes.end());
    }
    return {out};
}

/// Of a whole sample any arrangement will do, where what reads the features minds.
Turned turned(const Call& here, Framework there, const Arrangement& given)
{
    const std::vector<Value> out = infer(here);
    if (out[0].shape.size() != 2 || here.op.attributes.boolean("channels_first", false))
        return turnedNowhere(here, there, given);
    return {{{"start", std::int64_t{1}}, {"end", std::int64_t{-1}}}, given, {asHere(2)}};
}

/// Of some dimensions it is a Reshape.
std::optional<Steps> spread(const Call& call, Framework framework, bool)
{
    const bool isWhole = call.op.attributes.integer("start", 1) == 1 && call.op.attributes.integer("end", -1) == -1;
    return framework == Framework::Keras && !isWhole ? std::optional(reshapingOf(call)) : std::nullopt;
}

std::string difference(const Call& a, const Call& b)
{
    const Value *inputA = a.find(), *inputB = b.find();
    if (!inputA || !inputB || elementCount(inputA->shape) == elementCount(inputB->shape))
        return {};
    return fmt::format("{} values against {}", elementCount(inputA->shape), elementCount(inputB->shape));
}

}

const Kind flatten{.id = "flatten",
                   .torchClasses = {"Flatten"},
                   .kerasClasses = {"Flatten"},
                   .aten = {{"flatten", "Flatten", {{"self", "input"}, {"start_dim", "start_dim"}, {"end_dim", "end_dim"}}}},
                   .picks = true,
                   .flattens = true,
                   .form = Form::Logits,
                   .fromTorch = fromTorch,
                   .fromKeras = fromKeras,
                   .toTorch = toTorch,
                   .toKeras = toKeras,
                   .fromAten = fromAten,
                   .infer = infer,
                   .difference = difference,
                   .turned = turned,
                   .spread = spread};

}
