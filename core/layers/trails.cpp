// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of features whose shape is not.
#include "core/layers/classes.h"
#include "core/layers/follow.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

bool isFlatten(const Op& op)
{
    const Kind* known = kind(op.kind);
    return (known && known->flattens) || op.type == "Flatten";
}

/// Ops whose value goes into one that takes channels, as it is or element by element.
std::vector<bool> images(const Model& model)
{
    std::vector<bool> result(model.ops.size());
    for (std::size_t i = model.ops.size(); i-- > 0;)
        for (const int input : producers(model.ops[i]))
            if (input >= 0 && static_cast<std::size_t>(input) < i && (takesImage(model.ops[i]) || (keepsAxes(model.ops[i]) && result[i])))
                result[static_cast<std::size_t>(input)] = true;
    return result;
}

std::string cannotFollow(const Model& model, const Op& op)
{
    const std::string name = printable(op.layer.empty() ? op.name : op.layer);
    const Layer* layer = model.layer(op.layer);
    const std::string type = !op.type.empty() ? op.type : layer ? layer->kind : "";
    if (isFlatten(op))
        return fmt::format("the shape of what {} flattens is not known", name);
    return fmt::format("Tieout cannot follow {}{}", name, type.empty() || type == name ? "" : " (" + printable(type) + ")");
}

/// What an op without a known shape passes on.
Trail passed(const Model& model, const Op& op, const std::vector<Trail>& known)
{
    const std::string own = cannotFollow(model, op);
    const auto of = [&](int input) {
        return input < 0 || static_cast<std::size_t>(input) >= known.size() ? Trail{own} : known[static_cast<std::size_t>(input)];
    };
    const Trail in = op.inputs.empty() ? Trail{own} : of(op.inputs[0].port.op);
    if (effectOf(op) == Effect::Averages)
        return {.isVector = model.framework == Framework::Keras && !op.attributes.boolean("keepdims", false)};
    if (takesImage(op))
        return {};
    if (effectOf(op) == Effect::Makes)
        return {.isVector = in.isVector && (kind(op.kind) || op.type == "Linear" || op.type == "Dense")};
    if (isFlatten(op))
        return {.unknownBecause = in.isVector || !in.unknownBecause.empty() ? in.unknownBecause : own, .isVector = true};
    const bool isOne = keepsAxes(op) && op.inputs.size() == 1;
    if (!isOne && effectOf(op.type) != Effect::Merges && effectOf(op.type) != Effect::Joins)
        return {.unknownBecause = in.unknownBecause.empty() ? own : in.unknownBecause};
    Trail result{.unknownBecause = in.unknownBecause, .isVector = in.isVector};
    for (const int input : producers(op)) {
        const Trail other = of(input);
        result.isVector = result.isVector && other.isVector;
        if (result.unknownBecause.empty())
            result.unknownBecause = other.isFlattened ? own : other.unknownBecause;
    }
    return result;
}

}

std::vector<Trail> trails(const Model& model, const Values& values)
{
    const std::vector<bool> isImage = images(model);
    std::vector<Trail> result(model.ops.size());
    for (std::size_t i = 0; i < model.ops.size(); ++i) {
        const Op& op = model.ops[i];
        if (i < values.size() && values[i]) {
            const Axis last = values[i]->axes.empty() ? Axis() : values[i]->axes.back();
            result[i] = {last.unknownBecause, values[i]->shape.size() == 2, last.order() == Order::Known};
        } else if (op.kind != "input") {
            result[i] = passed(model, op, result);
        }
        if (isImage[i])
            result[i].unknownBecause.clear();
    }
    return result;
}

std::vector<std::optional<Axis>> unflattenedLater(const Model& model, const Values& values)
{
    std::vector<std::optional<Axis>> result(model.ops.size());
    const std::vector<bool> isImage = images(model);
    const auto set = [&](int index, Axis axis) {
        if (index < 0 || static_cast<std::size_t>(index) >= result.size())
            return;
        std::optional<Axis>& known = result[static_cast<std::size_t>(index)];
        known = known && *known != axis ? lostAxis({}, "it becomes images of two kinds") : std::move(axis);
    };
    for (std::size_t i = model.ops.size(); i-- > 0;) {
        const Op& op = model.ops[i];
        const Effect effect = effectOf(op.type);
        if (result[i] && (keepsAxes(op) || effect == Effect::Merges || effect == Effect::Joins))
            for (const int input : producers(op))
                set(input, effect == Effect::Joins ? lostAxis({}, cannotFollow(model, op)) : *result[i]);
        const int from = onlyProducer(op);
        if (effect != Effect::Reshapes || from < 0 || static_cast<std::size_t>(from) >= i)
            continue;
        const std::optional<Value>& flat = values[op.inputs[0].port];
        if ((flat && flat->shape.size() != 2) || sampleShape(op, model.framework).size() == 1)
            continue;
        const Value* made = i < values.size() && values[i] ? &*values[i] : nullptr;
        // three dimensions tell no channels: N,C,L goes into PyTorch's Conv1d, N,L,C into Keras' Conv1D
        const bool isTold = made && !(made->shape.size() == 3 && isImage[i]);
        if (isTold && made->shape.size() > 2)
            set(from, flattened(Axes(made->axes.begin() + 1, made->axes.end()), Shape(made->shape.begin() + 1, made->shape.end())));
        else if (!isTold)
            set(from, lostAxis({}, cannotFollow(model, op)));
    }
    return result;
}

void labelUnflattened(const Model& model, Values& values)
{
    const std::vector<std::optional<Axis>> later = unflattenedLater(model, values);
    for (std::size_t i = 0; i < later.size() && i < values.size(); ++i)
        if (std::optional<Value>& value = values[i]; later[i] && later[i]->order() == Order::Known && value && value->shape.size() == 2 &&
                                                     value->axes.size() == 2 && value->axes.back().order() == Order::Plain)
            value->axes.back() = *later[i];
}

}
