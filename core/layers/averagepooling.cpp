// SPDX-License-Identifier: GPL-3.0-or-later
// avgpool2d: kernel, stride, padding, pads as conv2d; ceil; count_pad (padding counts in the divisor), optional divisor.
#include "core/layers/imagekinds.h"
#include "core/layers/spec.h"
#include "core/layers/window.h"

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    Attributes canonical;
    setTorchWindow(canonical, spec);
    canonical.set("ceil", spec.raw.boolean("ceil_mode", false));
    canonical.set("count_pad", spec.raw.boolean("count_include_pad", true));
    if (spec.raw.has("divisor_override"))
        canonical.set("divisor", spec.raw.integer("divisor_override"));
    return canonical;
}

Attributes fromKeras(const KerasSpec& spec)
{
    Attributes canonical;
    setKerasWindow(canonical, spec, "pool_size");
    canonical.set("ceil", false);
    canonical.set("count_pad", false);
    return canonical;
}

Json toKeras(const Op& op)
{
    if (op.attributes.has("divisor"))
        throw Error("layer-no-twin").expected("a divisor of the window's size").found("divisor_override").at(printable(op.name));
    Json config;
    putKerasWindow(config, op, "pool_size");
    return config;
}

TorchSpec toTorch(const Op& op)
{
    TorchSpec spec{"AvgPool2d", {}, {}};
    putTorchWindow(spec.raw, op);
    spec.raw.set("ceil_mode", op.attributes.boolean("ceil", false));
    spec.raw.set("count_include_pad", op.attributes.boolean("count_pad", false));
    if (op.attributes.has("divisor"))
        spec.raw.set("divisor_override", op.attributes.integer("divisor"));
    return spec;
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    std::vector<std::string> result;
    addWindowWords(result, op, op.attributes.integers("kernel", 2, Ints{1, 1}));
    return result;
}

const std::vector<std::pair<std::string_view, std::string_view>> arguments{{"self", "input"},
                                                                           {"kernel_size", "kernel_size"},
                                                                           {"stride", "stride"},
                                                                           {"padding", "padding"},
                                                                           {"ceil_mode", "ceil_mode"},
                                                                           {"count_include_pad", "count_include_pad"},
                                                                           {"divisor_override", "divisor_override"}};

std::vector<Value> infer(const Call& call)
{
    const auto [height, width] = imageSize(call.op, call.input());
    const Window window = windowOf(call.op, height, width);
    return {resized(call.input(), window.height, window.width)};
}

/// Whether elements that are padding count in the divisor; those that ceil mode reaches beyond it never do.
bool countsPadding(const Op& op, const Value* input)
{
    if (!op.attributes.boolean("count_pad", false))
        return false;
    if (!input)
        return op.attributes.string("padding", "valid") != "valid";
    const auto [height, width] = imageSize(op, *input);
    return windowOf(op, height, width).pads != Pads();
}

std::string difference(const Call& a, const Call& b)
{
    std::string result =
        firstOf({windowDifference(a, b), differs("divisor", a.op.attributes.integer("divisor", 0), b.op.attributes.integer("divisor", 0))});
    if (result.empty())
        result = differs("padding counted", countsPadding(a.op, a.find()), countsPadding(b.op, b.find()));
    return result;
}

}

const Kind avgPool2d{.id = "avgpool2d",
                     .torchClasses = {"AvgPool2d"},
                     .kerasClasses = {"AveragePooling2D"},
                     .aten = {{"avg_pool2d", "AvgPool2d", arguments}},
                     .effect = Effect::Images,
                     .family = "pooling",
                     .fromTorch = fromTorch,
                     .fromKeras = fromKeras,
                     .toTorch = toTorch,
                     .toKeras = toKeras,
                     .inputAxes = imageAxes,
                     .infer = infer,
                     .difference = difference,
                     .words = words};

}
