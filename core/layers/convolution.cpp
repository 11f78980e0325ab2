// SPDX-License-Identifier: GPL-3.0-or-later
// conv2d: filters, kernel [h,w], stride, dilation [h,w], groups, bias; padding "valid" | "same" | "explicit" with pads
// [top,bottom,left,right].
#include "core/layers/spec.h"
#include "core/layers/window.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    Attributes canonical;
    setTorchWindow(canonical, spec);
    if (const std::string mode = spec.raw.string("padding_mode", "zeros"); mode != "zeros")
        unsupported("padding_mode " + printable(mode), "zeros");
    canonical.set("filters", spec.raw.integer("out_channels"));
    canonical.set("groups", spec.raw.integer("groups", 1));
    canonical.set("bias", spec.parameters.contains("bias"));
    return canonical;
}

Attributes fromKeras(const KerasSpec& spec)
{
    Attributes canonical;
    setKerasWindow(canonical, spec, "kernel_size");
    canonical.set("filters", kerasInt(spec.config, "filters", 0));
    canonical.set("groups", kerasInt(spec.config, "groups", 1));
    canonical.set("bias", kerasBool(spec.config, "use_bias", true));
    return canonical;
}

Json toKeras(const Op& op)
{
    Json config;
    config["filters"] = op.attributes.integer("filters");
    putKerasWindow(config, op, "kernel_size");
    config["dilation_rate"] = op.attributes.integers("dilation", 2, Ints{1, 1});
    config["groups"] = op.attributes.integer("groups", 1);
    config["use_bias"] = op.attributes.boolean("bias", true);
    return config;
}

std::int64_t channels(const Value& value)
{
    const int c = indexOf(value.axes, "C");
    return c < 0 ? 0 : value.shape[static_cast<std::size_t>(c)];
}

Value infer(const Op& op, std::span<const Value> inputs)
{
    const auto [height, width] = imageSize(op, inputs[0]);
    const std::int64_t groups = op.attributes.integer("groups", 1), filters = op.attributes.integer("filters");
    if (groups < 1 || filters < 1 || filters % groups != 0 || channels(inputs[0]) % groups != 0)
        throw Error("shape-groups")
            .expected(fmt::format("groups that divide {} channels and {} filters", channels(inputs[0]), filters))
            .found(std::to_string(groups))
            .at(printable(op.name));
    const Window window = windowOf(op, height, width);
    return resized(inputs[0], window.height, window.width, filters);
}

std::int64_t axisSize(const Op& op, char letter, const Value* input)
{
    switch (letter) {
    case 'o':
        return op.attributes.integer("filters", 0);
    case 'i':
        return input ? channels(*input) / std::max<std::int64_t>(op.attributes.integer("groups", 1), 1) : 0;
    case 'h':
        return op.attributes.integers("kernel", 2, Ints{0, 0})[0];
    case 'w':
        return op.attributes.integers("kernel", 2, Ints{0, 0})[1];
    default:
        return 0;
    }
}

std::string difference(const Op& a, const Op& b, const Value* inputA, const Value* inputB)
{
    return firstOf({differs("filters", a.attributes.integer("filters", 0), b.attributes.integer("filters", 0)),
                    differs("groups", a.attributes.integer("groups", 1), b.attributes.integer("groups", 1)),
                    windowDifference(a, b, inputA, inputB)});
}

}

const Kind conv2d{.id = "conv2d",
                  .torchClasses = {"Conv2d"},
                  .kerasClasses = {"Conv2D", "Convolution2D"},
                  .roles = {{"kernel", "weight", "kernel", "oihw", "hwio"}, {"bias", "bias", "bias", "o", "o"}},
                  .fromTorch = fromTorch,
                  .fromKeras = fromKeras,
                  .toKeras = toKeras,
                  .infer = infer,
                  .axisSize = axisSize,
                  .difference = difference};

}
