// SPDX-License-Identifier: GPL-3.0-or-later
// linear: units, bias. Works on the last axis, as Linear and Dense both do.
#include "core/layers/pointkinds.h"
#include "core/layers/spec.h"
#include "core/layers/window.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    return {{"units", spec.raw.integer("out_features")}, {"bias", spec.parameters.contains("bias")}};
}

/// An EinsumDense whose equation is a Dense's: "...a,ab->...b", "xya,ab->xyb", with a bias along the last axis or none.
Attributes fromEinsum(const KerasSpec& spec)
{
    const std::string equation = kerasText(spec.config, "equation", ""), bias = kerasText(spec.config, "bias_axes", "");
    const std::size_t comma = equation.find(','), arrow = equation.find("->");
    const auto isDense = [&] {
        if (comma == equation.npos || arrow == equation.npos || comma < 2 || arrow != comma + 3)
            return false;
        const std::string input = equation.substr(0, comma), kept = input.substr(0, comma - 1), output = equation.substr(arrow + 2);
        const char in = equation[comma + 1], out = equation[comma + 2];
        return input.back() == in && in != out && kept.find(in) == kept.npos && kept.find(out) == kept.npos && output == kept + out &&
               (bias.empty() || bias == std::string(1, out));
    };
    if (!isDense())
        unsupported(fmt::format("the equation {} with bias_axes {}", printable(equation), bias.empty() ? "None" : printable(bias)),
                    "a matrix along the last axis, as \"abc,cd->abd\" with bias_axes \"d\"");
    const auto shape = spec.config.find("output_shape");
    const Json* sizes = shape == spec.config.end()                       ? nullptr
                        : shape->is_object() && shape->contains("items") ? &(*shape)["items"]
                                                                         : &*shape;
    const Json* units = sizes && sizes->is_array() && !sizes->empty() ? &sizes->back() : sizes;
    if (!units || !units->is_number_integer())
        unsupported("an output_shape that does not tell the last size", "one that ends in a number");
    return {{"units", units->get<std::int64_t>()}, {"bias", !bias.empty()}};
}

Attributes fromKeras(const KerasSpec& spec)
{
    if (spec.className == "EinsumDense")
        return fromEinsum(spec);
    return {{"units", kerasInt(spec.config, "units", 0)}, {"bias", kerasBool(spec.config, "use_bias", true)}};
}

Json toKeras(const Op& op)
{
    return {{"units", op.attributes.integer("units")}, {"use_bias", op.attributes.boolean("bias", true)}};
}

TorchSpec toTorch(const Op& op)
{
    return {"Linear", {{"out_features", op.attributes.integer("units")}, {"bias", op.attributes.boolean("bias", true)}}, {}};
}

void fromAten(std::string_view, TorchSpec& spec)
{
    const auto weight = spec.parameters.find("weight");
    if (weight == spec.parameters.end() || weight->second.empty())
        return;
    spec.raw.set("out_features", weight->second[0]);
    spec.raw.set("in_features", weight->second.size() < 2 ? 0 : weight->second[1]);
}

std::vector<Role> roles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    const std::int64_t features = inputs.empty() || inputs[0].shape.empty() ? 0 : inputs[0].shape.back();
    return rolesFrom(framework, {{"o", settings.integer("units", 0)}, {"i", features, -1}},
                     {{"kernel", "weight", "kernel", "oi", "io"}, {"bias", "bias", "bias", "o", "o", settings.boolean("bias", true)}});
}

std::vector<std::string> words(const Op& op, std::int64_t consumed)
{
    return {producedWord(op.attributes.integer("units", 0), consumed)};
}

std::vector<Value> infer(const Call& call)
{
    const std::int64_t units = call.op.attributes.integer("units");
    if (units < 1 || call.input().shape.size() < 2)
        throw Error("shape-units")
            .expected("at least one unit and an input with features")
            .found(fmt::format("{} units on {}", units, text(call.input().shape)))
            .at(printable(call.op.name));
    Value result = call.input();
    result.shape.back() = units;
    if (!result.axes.empty())
        result.axes.back() = {"F", {}};
    return {result};
}

std::string difference(const Call& a, const Call& b)
{
    return differs("units", a.op.attributes.integer("units", 0), b.op.attributes.integer("units", 0));
}

}

const Kind linear{.id = "linear",
                  .torchClasses = {"Linear", "NonDynamicallyQuantizableLinear"},
                  .kerasClasses = {"Dense", "EinsumDense"},
                  .aten = {{"linear", "Linear", {{"input", "input"}, {"weight", "weight"}, {"bias", "bias"}}}},
                  .effect = Effect::Makes,
                  .takesActivation = true,
                  .takesFeatures = true,
                  .form = Form::Logits,
                  .fromTorch = fromTorch,
                  .fromKeras = fromKeras,
                  .toTorch = toTorch,
                  .toKeras = toKeras,
                  .fromAten = fromAten,
                  .roles = roles,
                  .infer = infer,
                  .difference = difference,
                  .words = words};

}
