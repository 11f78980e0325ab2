// SPDX-License-Identifier: GPL-3.0-or-later
// linear: units, bias. Works on the last axis, as Linear and Dense both do.
#include "core/layers/spec.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    return {{"units", spec.raw.integer("out_features")}, {"bias", spec.parameters.contains("bias")}};
}

Attributes fromKeras(const KerasSpec& spec)
{
    return {{"units", kerasInt(spec.config, "units", 0)}, {"bias", kerasBool(spec.config, "use_bias", true)}};
}

Json toKeras(const Op& op)
{
    return {{"units", op.attributes.integer("units")}, {"use_bias", op.attributes.boolean("bias", true)}};
}

Value infer(const Op& op, std::span<const Value> inputs)
{
    const std::int64_t units = op.attributes.integer("units");
    if (units < 1 || inputs[0].shape.size() < 2)
        throw Error("shape-units")
            .expected("at least one unit and an input with features")
            .found(fmt::format("{} units on {}", units, text(inputs[0].shape)))
            .at(printable(op.name));
    Value result = inputs[0];
    result.shape.back() = units;
    if (!result.axes.empty())
        result.axes.back() = {"F", {}};
    return result;
}

std::int64_t axisSize(const Op& op, char letter, const Value* input)
{
    return letter == 'o' ? op.attributes.integer("units", 0) : input && !input->shape.empty() ? input->shape.back() : 0;
}

std::string difference(const Op& a, const Op& b, const Value*, const Value*)
{
    return differs("units", a.attributes.integer("units", 0), b.attributes.integer("units", 0));
}

}

const Kind linear{.id = "linear",
                  .torchClasses = {"Linear", "NonDynamicallyQuantizableLinear"},
                  .kerasClasses = {"Dense"},
                  .roles = {{"kernel", "weight", "kernel", "oi", "io"}, {"bias", "bias", "bias", "o", "o"}},
                  .fromTorch = fromTorch,
                  .fromKeras = fromKeras,
                  .toKeras = toKeras,
                  .infer = infer,
                  .axisSize = axisSize,
                  .difference = difference};

}
