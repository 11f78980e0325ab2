// SPDX-License-Identifier: GPL-3.0-or-later
// globalavgpool2d: keepdims. PyTorch's AdaptiveAvgPool2d(1) keeps H and W as 1.
#include "core/layers/imagekinds.h"
#include "core/layers/spec.h"
#include "core/layers/window.h"

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    const Ints size = spec.raw.integers("output_size", 2);
    if (size != Ints{1, 1})
        unsupported("output_size " + text(size), "output_size 1");
    return {{"keepdims", true}};
}

Attributes fromKeras(const KerasSpec& spec)
{
    requireChannelsLast(spec.config);
    return {{"keepdims", kerasBool(spec.config, "keepdims", false)}};
}

Json toKeras(const Op& op)
{
    return {{"data_format", "channels_last"}, {"keepdims", op.attributes.boolean("keepdims", false)}};
}

TorchSpec toTorch(const Op& op)
{
    if (!op.attributes.boolean("keepdims", false))
        throw Error("layer-no-twin").expected("a pooling that keeps height and width").found("keepdims=False").at(printable(op.name));
    return {"AdaptiveAvgPool2d", {{"output_size", Ints{1, 1}}}, {}};
}

std::vector<Value> infer(const Call& call)
{
    imageSize(call.op, call.input());
    if (call.op.attributes.boolean("keepdims", false))
        return {resized(call.input(), 1, 1)};
    const auto c = static_cast<std::size_t>(indexOf(call.input().axes, "C"));
    return {{{call.input().shape[0], call.input().shape[c]}, axesOf("NC")}};
}

/// With or without H and W of size 1: the values are the same.
std::string difference(const Call&, const Call&)
{
    return {};
}

}

const Kind globalAvgPool2d{.id = "globalavgpool2d",
                           .torchClasses = {"AdaptiveAvgPool2d"},
                           .kerasClasses = {"GlobalAveragePooling2D"},
                           .aten = {{"adaptive_avg_pool2d", "AdaptiveAvgPool2d", {{"self", "input"}, {"output_size", "output_size"}}},
                                    {"_adaptive_avg_pool2d", "AdaptiveAvgPool2d", {{"self", "input"}, {"output_size", "output_size"}}}},
                           .effect = Effect::Averages,
                           .family = "pooling",
                           .form = Form::Logits,
                           .fromTorch = fromTorch,
                           .fromKeras = fromKeras,
                           .toTorch = toTorch,
                           .toKeras = toKeras,
                           .inputAxes = imageAxes,
                           .infer = infer,
                           .difference = difference};

}
