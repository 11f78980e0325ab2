// SPDX-License-Identifier: GPL-3.0-or-later
// maxpool2d: kernel, stride, dilation, padding, pads as conv2d; ceil. Padding never wins (minus infinity).
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

Value infer(const Op& op, std::span<const Value> inputs)
{
    const auto [height, width] = imageSize(op, inputs[0]);
    const Window window = windowOf(op, height, width);
    return resized(inputs[0], window.height, window.width);
}

}

const Kind maxPool2d{.id = "maxpool2d",
                     .torchClasses = {"MaxPool2d"},
                     .kerasClasses = {"MaxPooling2D"},
                     .roles = {},
                     .fromTorch = fromTorch,
                     .fromKeras = fromKeras,
                     .toKeras = toKeras,
                     .infer = infer,
                     .difference = windowDifference};

}
