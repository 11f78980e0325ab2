// SPDX-License-Identifier: GPL-3.0-or-later
// bilinear: units, bias. y_o = a W_o b + bias_o over the last axes of two inputs.
#include "core/layers/attentionkinds.h"
#include "core/layers/spec.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    return {{"units", spec.raw.integer("out_features")}, {"bias", spec.parameters.contains("bias")}};
}

TorchSpec toTorch(const Op& op)
{
    return {"Bilinear", {{"out_features", op.attributes.integer("units")}, {"bias", op.attributes.boolean("bias", true)}}, {}};
}

void fromAten(std::string_view, TorchSpec& spec)
{
    if (const auto weight = spec.parameters.find("weight"); weight != spec.parameters.end() && !weight->second.empty())
        spec.raw.set("out_features", weight->second[0]);
}

/// Both inputs' features: i and j.
std::vector<Role> roles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    const auto features = [&](std::size_t input) {
        return input >= inputs.size() || inputs[input].shape.empty() ? 0 : inputs[input].shape.back();
    };
    return rolesFrom(framework, {{"o", settings.integer("units", 0)}, {"i", features(0), -1}, {"j", features(1)}},
                     {{"kernel", "weight", "", "oij", ""}, {"bias", "bias", "", "o", "", settings.boolean("bias", true)}});
}

std::vector<Value> infer(const Call& call)
{
    const std::vector<Value> inputs = call.inputs();
    const Value &a = inputs[0], &b = inputs[1];
    const std::int64_t units = call.op.attributes.integer("units");
    const bool fits = units > 0 && a.shape.size() > 1 && a.shape.size() == b.shape.size() &&
                      std::equal(a.shape.begin(), a.shape.end() - 1, b.shape.begin());
    if (!fits)
        throw Error("shape-bilinear")
            .expected("two inputs that are alike but for their features")
            .found(text(a.shape) + " and " + text(b.shape))
            .at(printable(call.op.name));
    Value result = a;
    result.shape.back() = units;
    if (!result.axes.empty())
        result.axes.back() = {"F", {}};
    return {result};
}

std::string difference(const Call& a, const Call& b)
{
    return differs("units", a.op.attributes.integer("units", 0), b.op.attributes.integer("units", 0));
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    return {std::to_string(op.attributes.integer("units", 0))};
}

}

const Kind bilinear{.id = "bilinear",
                    .torchClasses = {"Bilinear"},
                    .kerasClasses = {},
                    .aten = {{"bilinear", "Bilinear", {{"input1", "input"}, {"input2", "other"}, {"weight", "weight"}, {"bias", "bias"}}}},
                    .effect = Effect::Makes,
                    .form = Form::Logits,
                    .fromTorch = fromTorch,
                    .toTorch = toTorch,
                    .fromAten = fromAten,
                    .roles = roles,
                    .takes = {2, 2, {}},
                    .infer = infer,
                    .difference = difference,
                    .words = words};

}
