// SPDX-License-Identifier: GPL-3.0-or-later
// layernorm: axes (own layout, batch included, side by side and ascending), epsilon, scale, center; shape: sizes along the axes, where the
// file tells them.
#include "core/base/letters.h"
#include "core/layers/normkinds.h"
#include "core/layers/spec.h"
#include "core/layers/turned.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    const Ints shape = spec.raw.integers("normalized_shape");
    Ints axes;
    for (std::size_t i = 0; i < shape.size(); ++i)
        axes.push_back(static_cast<std::int64_t>(i) - static_cast<std::int64_t>(shape.size()));
    return {{"axes", axes},
            {"shape", shape},
            {"epsilon", spec.raw.real("eps", 1e-5)},
            {"scale", spec.parameters.contains("weight")},
            {"center", spec.parameters.contains("bias")}};
}

Attributes fromKeras(const KerasSpec& spec)
{
    if (kerasBool(spec.config, "rms_scaling", false))
        unsupported("rms_scaling", "normalization by mean and variance");
    const auto axis = spec.config.find("axis");
    const Json* list = axis == spec.config.end() ? nullptr : axis->is_object() && axis->contains("items") ? &(*axis)["items"] : &*axis;
    const bool isList = list && list->is_array();
    if (isList && list->empty())
        unsupported("an empty list of axes", "one axis or more");
    return {{"axes", isList ? kerasInts(spec.config, "axis", list->size(), {}) : Ints{kerasInt(spec.config, "axis", -1)}},
            {"epsilon", kerasReal(spec.config, "epsilon", 1e-3)},
            {"scale", kerasBool(spec.config, "scale", true)},
            {"center", kerasBool(spec.config, "center", true)}};
}

TorchSpec toTorch(const Op& op)
{
    const bool scale = op.attributes.boolean("scale", true), center = op.attributes.boolean("center", true);
    const Ints axes = op.attributes.integers("axes");
    const bool isLast = std::all_of(axes.begin(), axes.end(), [](std::int64_t axis) { return axis < 0; });
    if (!isLast)
        throw Error("layer-no-twin").expected("the sizes of the last dimensions").found("axes " + text(axes)).at(printable(op.name));
    if (center && !scale)
        throw Error("layer-no-twin").expected("a scale where there is a shift").found("scale=False").at(printable(op.name));
    TorchSpec spec{"LayerNorm", {{"eps", op.attributes.real("epsilon")}, {"elementwise_affine", scale}, {"bias", center}}, {}};
    if (op.attributes.has("shape")) // else the weights tell it
        spec.raw.set("normalized_shape", op.attributes.integers("shape"));
    return spec;
}

Json toKeras(const Op& op)
{
    const Ints axes = op.attributes.integers("axes");
    return {{"axis", axes.size() == 1 ? Json(axes[0]) : Json(axes)},
            {"epsilon", op.attributes.real("epsilon")},
            {"center", op.attributes.boolean("center", true)},
            {"scale", op.attributes.boolean("scale", true)}};
}

/// The axes counted from the front, in the order given. Nothing where one is no dimension of its own behind the batch.
std::optional<std::vector<std::size_t>> places(const Attributes& settings, std::size_t rank)
{
    std::vector<std::size_t> result;
    for (const std::int64_t axis : settings.integers("axes")) {
        const std::int64_t place = axis < 0 ? axis + static_cast<std::int64_t>(rank) : axis;
        if (place < 1 || place >= static_cast<std::int64_t>(rank))
            return {};
        result.push_back(static_cast<std::size_t>(place));
    }
    return result;
}

std::vector<Role> roles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    const Ints axes = settings.integers("axes", Ints{-1}), shape = settings.integers("shape", Ints{});
    const auto at = inputs.empty() ? std::nullopt : places({{"axes", axes}}, inputs[0].shape.size());
    std::vector<RoleAxis> own;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        RoleAxis axis{axes.size() == 1 ? "o" : "", shape.size() == axes.size() ? shape[i] : 0, axes[i]};
        if (at) {
            axis.size = inputs[0].shape[(*at)[i]];
            if (axes.size() > 1 && !inputs[0].axes.empty()) // the letters tell C,H,W from H,W,C
                axis.name = lower(inputs[0].axes[(*at)[i]].name);
        }
        own.push_back(std::move(axis));
    }
    std::vector<Role> result = rolesFrom(framework, {},
                                         {{"gamma", "weight", "gamma", "o", "o", settings.boolean("scale", true)},
                                          {"beta", "bias", "beta", "o", "o", settings.boolean("center", true)}});
    for (Role& role : result)
        role.axes = own;
    return result;
}

std::vector<Value> infer(const Call& call)
{
    const Value& in = call.input();
    const auto at = places(call.op.attributes, in.shape.size());
    for (std::size_t i = 0; at && i + 1 < at->size(); ++i)
        if ((*at)[i + 1] != (*at)[i] + 1)
            throw Error("shape-axis")
                .expected("axes that lie side by side, in their order")
                .found(text(call.op.attributes.integers("axes")))
                .at(printable(call.op.name));
    if (!at || at->empty())
        throw Error("shape-axis")
            .expected(fmt::format("axes of {} behind the batch", text(in.shape)))
            .found(text(call.op.attributes.integers("axes")))
            .at(printable(call.op.name));
    const Shape wanted = call.op.attributes.integers("shape", Ints{}),
                found(in.shape.begin() + static_cast<std::ptrdiff_t>(at->front()),
                      in.shape.begin() + static_cast<std::ptrdiff_t>(at->back()) + 1);
    if (!wanted.empty() && wanted != found)
        throw Error("shape-axis").expected(fmt::format("dimensions {}", text(wanted))).found(text(found)).at(printable(call.op.name));
    return {in};
}

/// The axes are compared by their labels, so that the last dimensions of N,C,H,W are axes 1 to 3 of N,H,W,C.
std::string difference(const Call& a, const Call& b)
{
    const std::string epsilon = differs("epsilon", a.op.attributes.real("epsilon", 0), b.op.attributes.real("epsilon", 0));
    const auto labels = [](const Call& call) {
        const Value* input = call.find();
        Axes result;
        const auto at = input && !input->axes.empty() ? places(call.op.attributes, input->shape.size()) : std::nullopt;
        for (std::size_t i = 0; at && i < at->size(); ++i)
            result.push_back({input->axes[(*at)[i]].name, {}});
        std::sort(result.begin(), result.end(), [](const Axis& one, const Axis& other) { return one.name < other.name; });
        return result;
    };
    const Axes left = labels(a), right = labels(b);
    if (left.empty() || right.empty())
        return firstOf({epsilon, differs("axes", static_cast<std::int64_t>(a.op.attributes.integers("axes", Ints{-1}).size()),
                                         static_cast<std::int64_t>(b.op.attributes.integers("axes", Ints{-1}).size()))});
    return firstOf({epsilon, differs("axes", text(left), text(right))});
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    if (!op.attributes.has("epsilon"))
        return {};
    return {fmt::format("ε {:g}", op.attributes.real("epsilon"))};
}

const std::vector<std::pair<std::string_view, std::string_view>> arguments{
    {"input", "input"}, {"normalized_shape", "normalized_shape"}, {"weight", "weight"}, {"bias", "bias"}, {"eps", "eps"}};

}

const Kind layerNorm{.id = "layernorm",
                     .torchClasses = {"LayerNorm"},
                     .kerasClasses = {"LayerNormalization"},
                     .aten = {{"layer_norm", "LayerNorm", arguments}, {"native_layer_norm", "LayerNorm", arguments}},
                     .effect = Effect::Keeps,
                     .family = "normalization/layer",
                     .normalises = true,
                     .form = Form::Logits,
                     .fromTorch = fromTorch,
                     .fromKeras = fromKeras,
                     .toTorch = toTorch,
                     .toKeras = toKeras,
                     .roles = roles,
                     .infer = infer,
                     .difference = difference,
                     .words = words,
                     .turned = turnedAmounts};

}
