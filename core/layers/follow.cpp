// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of axes behind ops that cannot run.
#include "core/layers/follow.h"

#include "core/layers/classes.h"
#include "core/layers/merging.h"

#include <algorithm>

namespace core::layers {

namespace {

std::int64_t absolute(std::int64_t dimension, std::size_t rank)
{
    return dimension < 0 ? dimension + static_cast<std::int64_t>(rank) : dimension;
}

std::optional<Value> permuted(const Value& in, const Ints& order)
{
    Value out;
    std::vector<bool> taken(in.shape.size());
    for (const std::int64_t d : order) {
        const std::int64_t from = absolute(d, in.shape.size());
        if (from < 0 || static_cast<std::size_t>(from) >= in.shape.size() || taken[static_cast<std::size_t>(from)])
            return {};
        taken[static_cast<std::size_t>(from)] = true;
        out.shape.push_back(in.shape[static_cast<std::size_t>(from)]);
        if (!in.axes.empty())
            out.axes.push_back(in.axes[static_cast<std::size_t>(from)]);
    }
    return out.shape.size() == in.shape.size() ? std::optional(out) : std::nullopt;
}

std::optional<Value> transposed(const Value& in, const Attributes& settings)
{
    Ints order;
    for (std::size_t d = 0; d < in.shape.size(); ++d)
        order.push_back(static_cast<std::int64_t>(d));
    const std::int64_t a = absolute(settings.integer("dim0", 0), order.size()), b = absolute(settings.integer("dim1", 0), order.size());
    const auto last = static_cast<std::int64_t>(order.size());
    if (!settings.has("dim0") || !settings.has("dim1") || a < 0 || b < 0 || a >= last || b >= last)
        return {};
    std::swap(order[static_cast<std::size_t>(a)], order[static_cast<std::size_t>(b)]);
    return permuted(in, order);
}

std::optional<Value> flattenedFrom(const Value& in, std::size_t start)
{
    if (in.shape.size() <= start || in.axes.empty())
        return {};
    const auto from = static_cast<std::ptrdiff_t>(start);
    Value out{{in.shape.begin(), in.shape.begin() + from}, {in.axes.begin(), in.axes.begin() + from}};
    const Shape sizes(in.shape.begin() + from, in.shape.end());
    out.shape.push_back(elementCount(sizes));
    out.axes.push_back(flattened(Axes(in.axes.begin() + from, in.axes.end()), sizes));
    return out;
}

/// Keras' Flatten moves what it takes for channels (the first axis behind the batch) to the end when told so.
std::optional<Value> kerasFlattened(const Op& op, const Value& in)
{
    if (!op.attributes.boolean("channels_first", false) || in.shape.size() < 3)
        return flattenedFrom(in, 1);
    Ints order{0};
    for (std::size_t d = 2; d < in.shape.size(); ++d)
        order.push_back(static_cast<std::int64_t>(d));
    order.push_back(1);
    const auto moved = permuted(in, order);
    return moved ? flattenedFrom(*moved, 1) : std::nullopt;
}

Shape counting(Shape shape)
{
    std::erase(shape, 1);
    return shape;
}

/// `sizes` are of one sample; one of them may be -1.
std::optional<Value> reshaped(Framework framework, const Value& in, Ints sizes)
{
    const std::int64_t count = in.shape.empty() ? 0 : elementCount(in.shape) / std::max<std::int64_t>(in.shape[0], 1);
    std::int64_t known = 1;
    for (const std::int64_t size : sizes)
        if (size == 0 || (size > 0 && __builtin_mul_overflow(known, size, &known)))
            return {};
    for (std::int64_t& size : sizes)
        if (size < 0)
            size = count / known;
    if (sizes.empty() || count < 1 || elementCount(sizes) != count)
        return {};
    Shape shape{in.shape[0]};
    shape.insert(shape.end(), sizes.begin(), sizes.end());
    if (shape == in.shape)
        return in;
    if (sizes.size() == 1)
        return flattenedFrom(in, 1);
    const bool isPlain = in.shape.size() == 2 && (in.axes.empty() || in.axes.back().order() == Order::Plain);
    const bool isRows = in.shape.size() == 3 && counting(shape) == counting(in.shape); // a picture of one channel
    if (!isPlain && !isRows)
        return {};
    Axes axes = usualAxes(framework, shape.size());
    return Value{std::move(shape), std::move(axes)};
}

std::optional<Value> joinedAt(const Op& op, Framework framework, std::span<const Value> inputs)
{
    const std::int64_t axis = absolute(op.attributes.integer("axis", -1), inputs[0].shape.size());
    const bool isTold = op.attributes.has("axis") || framework == Framework::Keras;
    if (!isTold || axis < 1 || static_cast<std::size_t>(axis) >= inputs[0].shape.size())
        return {};
    return joined(inputs, static_cast<std::size_t>(axis));
}

std::optional<Value> averagedOut(const Value& in)
{
    const int c = indexOf(in.axes, "C");
    return c < 1 ? std::nullopt : std::optional(Value{{in.shape[0], in.shape[static_cast<std::size_t>(c)]}, axesOf("NC")});
}

}

Ints sampleShape(const Op& op, Framework framework)
{
    Ints sizes = op.attributes.integers("shape", Ints{});
    if (kind(op.kind)) // of the kind, which takes the batch for granted
        return op.attributes.integer("start", 1) == 1 ? sizes : Ints{};
    const bool hasBatch = framework != Framework::Keras && op.type != "Unflatten" && op.type != "unflatten";
    if (hasBatch && !sizes.empty())
        sizes.erase(sizes.begin());
    return sizes;
}

Attributes settingsToFollow(std::string_view type, const Attributes& raw)
{
    Attributes result;
    const auto copy = [&](std::initializer_list<const char*> names, const char* as) {
        for (const char* name : names)
            if (const auto found = std::find_if(raw.begin(), raw.end(), [&](const auto& entry) { return entry.first == name; });
                found != raw.end() && (std::holds_alternative<Ints>(found->second) || std::holds_alternative<std::int64_t>(found->second)))
                result.set(as, found->second);
    };
    if (type == "Permute" || type == "permute")
        copy({"argument1", "dims"}, "dims");
    else if (type == "Reshape" || type == "view" || type == "reshape" || type == "_unsafe_view")
        copy({"argument1", "target_shape", "size", "shape"}, "shape");
    else if (type == "Unflatten" || type == "unflatten")
        copy({"argument2", "sizes", "unflattened_size"}, "shape");
    else if (type == "transpose" || type == "swapaxes") {
        copy({"argument1", "dim0", "axis0"}, "dim0");
        copy({"argument2", "dim1", "axis1"}, "dim1");
    } else if (effectOf(type) == Effect::Joins)
        copy({"argument1", "axis", "dim"}, "axis");
    else if (type == "Flatten" && raw.has("data_format"))
        result.set("channels_first", raw.string("data_format") == "channels_first");
    return result;
}

Effect effectOf(const Op& op)
{
    const Kind* k = kind(op.kind);
    return k && k->effect != Effect::None ? k->effect : effectOf(op.type);
}

bool takesImage(const Op& op)
{
    const Kind* k = kind(op.kind);
    return (k && (k->effect == Effect::Images || k->effect == Effect::Averages)) || effectOf(op.type) == Effect::Images;
}

bool keepsAxes(const Op& op)
{
    const Kind* k = kind(op.kind);
    return (k && k->effect == Effect::Keeps) || effectOf(op.type) == Effect::Keeps;
}

std::string typeIn(Framework other, const Op& op, Framework own)
{
    const Effect effect = effectOf(op.type);
    const bool isSame =
        keepsAxes(op) || effect == Effect::Merges || effect == Effect::Joins || effect == Effect::Makes || effect == Effect::Images;
    if (own == other || isSame)
        return op.type;
    return effect == Effect::Reshapes && sampleShape(op, own).size() == 1 ? "Flatten" : "";
}

std::optional<Value> followed(const Call& call, Framework framework)
{
    const Op& op = call.op;
    const bool hasNamed = std::any_of(op.inputs.begin(), op.inputs.end(), [](const Input& input) { return !input.name.empty(); });
    if (!call.isKnown() || hasNamed)
        return {};
    const std::vector<Value> inputs = call.inputs();
    const Value& in = inputs[0];
    const bool isKeras = framework == Framework::Keras;
    if (keepsAxes(op) && inputs.size() == 1)
        return in;
    if (effectOf(op.type) == Effect::Merges)
        return op.parameters.empty() ? merged(inputs) : std::nullopt;
    if (effectOf(op.type) == Effect::Joins)
        return joinedAt(op, framework, inputs);
    if (inputs.size() != 1)
        return {};
    if (effectOf(op.type) == Effect::Averages)
        return averagedOut(in);
    if (op.type == "Flatten" && op.kind.empty())
        return kerasFlattened(op, in);
    if (op.type == "transpose" || op.type == "swapaxes")
        return transposed(in, op.attributes);
    if (op.type == "Permute" || op.type == "permute") {
        Ints order = op.attributes.integers("dims", Ints{});
        if (isKeras)
            order.insert(order.begin(), 0);
        return permuted(in, order);
    }
    return effectOf(op.type) == Effect::Reshapes ? reshaped(framework, in, sampleShape(op, framework)) : std::nullopt;
}

}
