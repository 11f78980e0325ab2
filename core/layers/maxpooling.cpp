// SPDX-License-Identifier: GPL-3.0-or-later
// maxpool2d: kernel, stride, dilation, padding, pads as conv2d; ceil. Padding never wins (minus infinity).
#include "core/layers/imagekinds.h"
#include "core/layers/spec.h"
#include "core/layers/window.h"

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    if (spec.raw.boolean("return_indices", false))
        unsupported("return_indices", "a pooling with one result");
    Attributes canonical;
    setTorchWindow(canonical, spec);
    canonical.set("ceil", spec.raw.boolean("ceil_mode", false));
    return canonical;
}

Attributes fromKeras(const KerasSpec& spec)
{
    Attributes canonical;
    setKerasWindow(canonical, spec, "pool_size");
    canonical.set("ceil", false);
    return canonical;
}

Json toKeras(const Op& op)
{
    if (op.attributes.integers("dilation", 2, Ints{1, 1}) != Ints{1, 1})
        throw Error("layer-no-twin").expected("a pooling without dilation").found("dilation").at(printable(op.name));
    Json config;
    putKerasWindow(config, op, "pool_size");
    return config;
}

TorchSpec toTorch(const Op& op)
{
    TorchSpec spec{"MaxPool2d", {}, {}};
    putTorchWindow(spec.raw, op);
    spec.raw.set("ceil_mode", op.attributes.boolean("ceil", false));
    return spec;
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    std::vector<std::string> result;
    addWindowWords(result, op, op.attributes.integers("kernel", 2, Ints{1, 1}));
    return result;
}

const std::vector<std::pair<std::string_view, std::string_view>> arguments{{"self", "input"},        {"kernel_size", "kernel_size"},
                                                                           {"stride", "stride"},     {"padding", "padding"},
                                                                           {"dilation", "dilation"}, {"ceil_mode", "ceil_mode"}};

std::vector<Value> infer(const Call& call)
{
    const auto [height, width] = imageSize(call.op, call.input());
    const Window window = windowOf(call.op, height, width);
    return {resized(call.input(), window.height, window.width)};
}

}

const Kind maxPool2d{.id = "maxpool2d",
                     .torchClasses = {"MaxPool2d"},
                     .kerasClasses = {"MaxPooling2D"},
                     .aten = {{"max_pool2d", "MaxPool2d", arguments}, {"max_pool2d_with_indices", "MaxPool2d", arguments}},
                     .effect = Effect::Images,
                     .family = "pooling",
                     .picks = true,
                     .fromTorch = fromTorch,
                     .fromKeras = fromKeras,
                     .toTorch = toTorch,
                     .toKeras = toKeras,
                     .inputAxes = imageAxes,
                     .infer = infer,
                     .difference = windowDifference,
                     .words = words};

}
