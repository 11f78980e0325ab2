// SPDX-License-Identifier: GPL-3.0-or-later
// slice: axes (own layout, batch included, negative from the end) with begin, end, step beside them (as Python slices, steps above 0), and
// drop (1: one element, whose dimension goes); insert: places of the result where a dimension of one element is put in, ascending.
// split: axis, and one of sizes (one may be -1, what remains), parts (as chunk counts them, even: all of one size) or size (of each piece
// but the last); drop: the pieces have one element and lose the dimension.
#include "core/layers/slice.h"

#include "core/layers/regroup.h"
#include "core/layers/shapekinds.h"
#include "core/layers/spec.h"
#include "core/layers/spread.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::layers {

namespace {

constexpr std::int64_t open = INT64_MAX;

/// The functions slice and narrow take one dimension, "slices" lists as above.
Attributes fromTorch(const TorchSpec& spec)
{
    const Attributes& raw = spec.raw;
    if (spec.className == "slices")
        return {{"axes", raw.integers("axes")}, {"begin", raw.integers("begin")}, {"end", raw.integers("end")},
                {"step", raw.integers("step")}, {"drop", raw.integers("drop")},   {"insert", raw.integers("insert")}};
    const std::int64_t begin = raw.integer("start", 0), step = raw.integer("step", 1);
    std::int64_t end = raw.integer("end", open);
    if (raw.has("length"))
        end = begin + raw.integer("length");
    if (step < 1)
        unsupported(fmt::format("a step of {}", step), "steps above 0");
    return {{"axes", Ints{raw.integer("dim", 0)}},
            {"begin", Ints{begin}},
            {"end", Ints{end}},
            {"step", Ints{step}},
            {"drop", Ints{0}},
            {"insert", Ints{}}};
}

[[noreturn]] void noClass(const Op& op)
{
    throw Error("layer-no-twin").expected("a class of torch.nn or a layer of Keras").found(op.kind).at(printable(op.name));
}

TorchSpec noTorchClass(const Op& op)
{
    noClass(op);
}

Json noKerasClass(const Op& op)
{
    noClass(op);
}

[[noreturn]] void outside(const Op& op, const Value& in, std::int64_t begin)
{
    throw Error("shape-slice")
        .expected(fmt::format("a place within {}", text(in.shape)))
        .found(std::to_string(begin))
        .at(printable(op.name));
}

std::vector<Value> infer(const Call& call)
{
    const Value& in = call.input();
    Value out = in;
    std::vector<bool> drops(in.shape.size());
    for (const Cut& cut : cutsOf(call.op, in)) {
        drops[cut.place] = cut.drops;
        out.shape[cut.place] = cut.count;
        if (cut.count != in.shape[cut.place]) {
            requireSamplesKept(call.op, in, cut.place);
            if (!out.axes.empty())
                out.axes[cut.place] = partOf(in.axes[cut.place], call.op);
        }
        if (cut.drops)
            requireSamplesKept(call.op, in, cut.place);
    }
    for (std::size_t d = drops.size(); d-- > 0;)
        if (drops[d]) {
            out.shape.erase(out.shape.begin() + static_cast<std::ptrdiff_t>(d));
            if (!out.axes.empty())
                out.axes.erase(out.axes.begin() + static_cast<std::ptrdiff_t>(d));
        }
    for (const std::int64_t at : call.op.attributes.integers("insert", Ints{})) {
        if (at < 1 || at > static_cast<std::int64_t>(out.shape.size()))
            outside(call.op, in, at);
        out.shape.insert(out.shape.begin() + at, 1);
        if (!out.axes.empty())
            out.axes.insert(out.axes.begin() + at, Axis());
    }
    return {out};
}

/// One dimension after the other is cropped; those of one element come and go last.
std::optional<Steps> spread(const Call& call, Framework framework, bool)
{
    if (framework != Framework::Keras)
        return {};
    const Shape result = infer(call).front().shape;
    Shape shape = call.input().shape;
    std::vector<Step> steps;
    for (const Cut& cut : cutsOf(call.op, call.input())) {
        if (cut.count == shape[cut.place])
            continue;
        if (cut.step != 1)
            throw Error("layer-no-twin")
                .expected("a slice of each element")
                .found(fmt::format("a step of {}", cut.step))
                .at(printable(call.op.name));
        Shape left = shape;
        left[cut.place] = cut.count;
        for (Step& step :
             cropping(fmt::format("crop{}", cut.place), shape, cut.place, cut.begin, cut.count, Shape(left.begin() + 1, left.end())))
            steps.push_back(std::move(step));
        shape = left;
    }
    if (shape != result || steps.empty())
        steps.push_back(reshaping("shape", Shape(result.begin() + 1, result.end())));
    return chainOf(std::move(steps));
}

std::optional<Steps> splitSpread(const Call& call, Framework framework, bool)
{
    if (framework != Framework::Keras)
        return {};
    const Value& in = call.input();
    const std::size_t place = axisIn(call.op, in, 1);
    const std::vector<Value> pieces = inferred(split, call);
    Steps result;
    std::int64_t begin = 0;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const Shape& shape = pieces[i].shape;
        const std::int64_t count = piecesOf(call.op, in)[i];
        int last = -1;
        for (Step& step : cropping(fmt::format("part{}", i), in.shape, place, begin, count, Shape(shape.begin() + 1, shape.end()))) {
            step.inputs = {Input(last < 0 ? Port(-1, 0) : Port(last))};
            last = static_cast<int>(result.steps.size());
            result.steps.push_back(std::move(step));
        }
        if (last < 0)
            throw Error("layer-no-twin").expected("several parts").found("one").at(printable(call.op.name));
        result.outputs.emplace_back(last);
        begin += count;
    }
    return result;
}

/// What is cut of which axis, where labels tell the axes apart.
std::string cutText(const Call& call)
{
    const Value& in = call.input();
    std::vector<std::string> cuts;
    for (const Cut& cut : cutsOf(call.op, in))
        if (cut.count != in.shape[cut.place] || cut.drops)
            cuts.push_back(fmt::format("{} {}:{}:{}", in.axes.empty() ? std::to_string(cut.place) : text(Axes{in.axes[cut.place]}),
                                       cut.begin, cut.count, cut.step));
    std::sort(cuts.begin(), cuts.end());
    std::string result;
    for (const std::string& cut : cuts)
        result += (result.empty() ? "" : ", ") + cut;
    return result.empty() ? "nothing" : result;
}

std::string difference(const Call& a, const Call& b)
{
    const Value *left = a.find(), *right = b.find();
    if (!left || !right || left->axes.empty() || right->axes.empty())
        return {};
    return differs("the part", cutText(a), cutText(b));
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    std::string result;
    const Ints axes = op.attributes.integers("axes", Ints{}), begin = op.attributes.integers("begin", Ints{}),
               end = op.attributes.integers("end", Ints{}), drop = op.attributes.integers("drop", Ints{});
    for (std::size_t i = 0; i < std::min({axes.size(), begin.size(), end.size(), drop.size()}); ++i)
        result += fmt::format("{}{}: {}{}", result.empty() ? "" : ", ", axes[i], begin[i],
                              drop[i] ? std::string() : ":" + (end[i] == open ? std::string() : std::to_string(end[i])));
    return {result};
}

Attributes splitFromTorch(const TorchSpec& spec)
{
    const Attributes& raw = spec.raw;
    Attributes result{{"axis", raw.integer("dim", 0)}};
    if (spec.className == "unbind")
        return {{"axis", raw.integer("dim", 0)}, {"size", std::int64_t{1}}, {"drop", true}};
    if (raw.boolean("even", false))
        result.set("even", true);
    const auto sizes = std::find_if(raw.begin(), raw.end(), [](const auto& entry) { return entry.first == "sizes"; });
    if (raw.has("parts"))
        result.set("parts", raw.integer("parts"));
    else if (sizes != raw.end() && std::holds_alternative<Ints>(sizes->second))
        result.set("sizes", raw.integers("sizes"));
    else
        result.set("size", raw.integer("sizes"));
    return result;
}

int splitOutputs(const Op& op)
{
    constexpr int most = 1024; // how many there are the size along the axis tells
    const Ints sizes = op.attributes.integers("sizes", Ints{});
    return !sizes.empty() ? static_cast<int>(std::min<std::size_t>(sizes.size(), most))
                          : static_cast<int>(std::clamp<std::int64_t>(op.attributes.integer("parts", most), 1, most));
}

std::vector<Value> splitInfer(const Call& call)
{
    const Value& in = call.input();
    const std::size_t place = axisIn(call.op, in);
    requireSamplesKept(call.op, in, place);
    std::vector<Value> result;
    for (const std::int64_t size : piecesOf(call.op, in)) {
        Value piece = in;
        piece.shape[place] = size;
        if (!piece.axes.empty() && size != in.shape[place])
            piece.axes[place] = partOf(in.axes[place], call.op);
        if (call.op.attributes.boolean("drop", false)) {
            piece.shape.erase(piece.shape.begin() + static_cast<std::ptrdiff_t>(place));
            if (!piece.axes.empty())
                piece.axes.erase(piece.axes.begin() + static_cast<std::ptrdiff_t>(place));
        }
        result.push_back(std::move(piece));
    }
    return result;
}

std::string splitDifference(const Call& a, const Call& b)
{
    const Value *left = a.find(), *right = b.find();
    if (!left || !right || left->axes.empty() || right->axes.empty())
        return {};
    const std::size_t ours = axisIn(a.op, *left), theirs = axisIn(b.op, *right);
    return firstOf({differs("axis", text(Axes{left->axes[ours]}), text(Axes{right->axes[theirs]})),
                    differs("sizes", piecesOf(a.op, *left), piecesOf(b.op, *right))});
}

}

std::vector<Cut> cutsOf(const Op& op, const Value& in)
{
    const Ints axes = op.attributes.integers("axes"), begins = op.attributes.integers("begin"), ends = op.attributes.integers("end"),
               steps = op.attributes.integers("step"), drops = op.attributes.integers("drop");
    if (begins.size() != axes.size() || ends.size() != axes.size() || steps.size() != axes.size() || drops.size() != axes.size())
        throw Error("shape-slice").expected("a beginning, end and step for every axis").found("others").at(printable(op.name));
    std::vector<Cut> result;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const std::size_t place = placeOf(op, axes[i], in.shape.size());
        const std::int64_t size = in.shape[place];
        const auto within = [&](std::int64_t at) { return std::clamp<std::int64_t>(at < 0 ? at + size : at, 0, size); };
        if (drops[i]) {
            const std::int64_t at = begins[i] < 0 ? begins[i] + size : begins[i];
            if (at < 0 || at >= size)
                outside(op, in, begins[i]);
            result.push_back({place, at, 1, 1, true});
            continue;
        }
        const std::int64_t begin = within(begins[i]), end = std::max(begin, within(ends[i])), step = steps[i];
        if (step < 1 || begin == end)
            outside(op, in, begins[i]);
        result.push_back({place, begin, (end - begin + step - 1) / step, step, false});
    }
    return result;
}

Ints piecesOf(const Op& op, const Value& in)
{
    const std::int64_t size = in.shape[axisIn(op, in)];
    Ints result = op.attributes.integers("sizes", Ints{});
    if (result.empty()) {
        const std::int64_t parts = op.attributes.integer("parts", 0);
        const std::int64_t each = parts > 0 ? (size + parts - 1) / parts : op.attributes.integer("size", 0);
        constexpr std::int64_t most = 1024;
        if (each < 1 || size / each > most || (parts > 0 && op.attributes.boolean("even", false) && size % parts != 0))
            throw Error("shape-split").expected(fmt::format("pieces of {}", size)).found(std::to_string(each)).at(printable(op.name));
        for (std::int64_t left = size; left > 0; left -= each)
            result.push_back(std::min(left, each));
    }
    if (const auto blank = std::find(result.begin(), result.end(), -1); blank != result.end()) {
        std::int64_t rest = size;
        for (auto piece = result.begin(); piece != result.end(); ++piece)
            rest -= piece == blank ? 0 : std::clamp<std::int64_t>(*piece, 0, rest);
        *blank = rest;
    }
    std::int64_t left = size;
    for (const std::int64_t piece : result)
        left = piece < 1 || piece > left ? -1 : left - piece;
    if (left != 0)
        throw Error("shape-split").expected(fmt::format("sizes of {} in all", size)).found(text(result)).at(printable(op.name));
    return result;
}

const Kind slice{.id = "slice",
                 .torchClasses = {"slice", "narrow", "slices"},
                 .kerasClasses = {},
                 .aten = {{"slice", "slice", {{"self", "input"}, {"dim", "dim"}, {"start", "start"}, {"end", "end"}, {"step", "step"}}},
                          {"narrow", "narrow", {{"self", "input"}, {"dim", "dim"}, {"start", "start"}, {"length", "length"}}}},
                 .effect = Effect::Reshapes,
                 .picks = true,
                 .fromTorch = fromTorch,
                 .toTorch = noTorchClass,
                 .toKeras = noKerasClass,
                 .infer = infer,
                 .difference = difference,
                 .words = words,
                 .spread = spread};

const Kind split{.id = "split",
                 .torchClasses = {"split", "chunk", "unbind"},
                 .kerasClasses = {},
                 .aten = {{"split", "split", {{"self", "input"}, {"split_size", "sizes"}, {"dim", "dim"}}},
                          {"split_with_sizes", "split", {{"self", "input"}, {"split_sizes", "sizes"}, {"dim", "dim"}}},
                          {"chunk", "chunk", {{"self", "input"}, {"chunks", "parts"}, {"dim", "dim"}}},
                          {"unbind", "unbind", {{"self", "input"}, {"dim", "dim"}}}},
                 .effect = Effect::Reshapes,
                 .picks = true,
                 .fromTorch = splitFromTorch,
                 .toTorch = noTorchClass,
                 .toKeras = noKerasClass,
                 .outputs = splitOutputs,
                 .infer = splitInfer,
                 .difference = splitDifference,
                 .spread = splitSpread};

}
