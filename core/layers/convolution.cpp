// SPDX-License-Identifier: GPL-3.0-or-later
// conv2d: filters, kernel [h,w], stride, dilation [h,w], groups, bias; padding "valid" | "same" | "explicit" with pads
// [top,bottom,left,right].
#include "core/layers/imagekinds.h"
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

std::vector<Role> roles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    const std::int64_t groups = std::max<std::int64_t>(settings.integer("groups", 1), 1);
    const Ints kernel = settings.integers("kernel", 2, Ints{0, 0});
    return rolesFrom(framework,
                     {{"o", settings.integer("filters", 0)},
                      {"i", inputs.empty() ? 0 : channels(inputs[0]) / groups},
                      {"h", kernel[0]},
                      {"w", kernel[1]}},
                     {{"kernel", "weight", "kernel", "oihw", "hwio"}, {"bias", "bias", "bias", "o", "o", settings.boolean("bias", true)}});
}

TorchSpec toTorch(const Op& op)
{
    TorchSpec spec{"Conv2d", {{"out_channels", op.attributes.integer("filters")}}, {}};
    putTorchWindow(spec.raw, op);
    spec.raw.set("groups", op.attributes.integer("groups", 1));
    spec.raw.set("bias", op.attributes.boolean("bias", true));
    return spec;
}

void fromAten(std::string_view, TorchSpec& spec)
{
    const auto weight = spec.parameters.find("weight");
    if (weight == spec.parameters.end() || weight->second.empty())
        return;
    const Shape& shape = weight->second;
    std::int64_t consumed = 0;
    if (__builtin_mul_overflow(shape.size() < 2 ? 0 : shape[1], spec.raw.integer("groups", 1), &consumed))
        return;
    spec.raw.set("in_channels", consumed);
    spec.raw.set("out_channels", shape[0]);
    if (shape.size() > 2)
        spec.raw.set("kernel_size", Ints(shape.begin() + 2, shape.end()));
    if (!spec.raw.has("stride")) // a pooling's default is its kernel
        spec.raw.set("stride", std::int64_t{1});
}

std::vector<std::string> words(const Op& op, std::int64_t consumed)
{
    std::vector<std::string> result{producedWord(op.attributes.integer("filters", 0), consumed)};
    addWindowWords(result, op, {1, 1});
    if (const std::int64_t groups = op.attributes.integer("groups", 1); groups != 1)
        result.push_back(fmt::format("g{}", groups));
    return result;
}

std::vector<Value> infer(const Call& call)
{
    const auto [height, width] = imageSize(call.op, call.input());
    const std::int64_t groups = call.op.attributes.integer("groups", 1), filters = call.op.attributes.integer("filters");
    if (groups < 1 || filters < 1 || filters % groups != 0 || channels(call.input()) % groups != 0)
        throw Error("shape-groups")
            .expected(fmt::format("groups that divide {} channels and {} filters", channels(call.input()), filters))
            .found(std::to_string(groups))
            .at(printable(call.op.name));
    const Window window = windowOf(call.op, height, width);
    return {resized(call.input(), window.height, window.width, filters)};
}

std::string difference(const Call& a, const Call& b)
{
    return firstOf({differs("filters", a.op.attributes.integer("filters", 0), b.op.attributes.integer("filters", 0)),
                    differs("groups", a.op.attributes.integer("groups", 1), b.op.attributes.integer("groups", 1)), windowDifference(a, b)});
}

}

const Kind conv2d{.id = "conv2d",
                  .torchClasses = {"Conv2d"},
                  .kerasClasses = {"Conv2D", "Convolution2D"},
                  .aten = {{"conv2d",
                            "Conv2d",
                            {{"input", "input"},
                             {"weight", "weight"},
                             {"bias", "bias"},
                             {"stride", "stride"},
                             {"padding", "padding"},
                             {"dilation", "dilation"},
                             {"groups", "groups"}}}},
                  .effect = Effect::Images,
                  .takesActivation = true,
                  .form = Form::Logits,
                  .fromTorch = fromTorch,
                  .fromKeras = fromKeras,
                  .toTorch = toTorch,
                  .toKeras = toKeras,
                  .fromAten = fromAten,
                  .roles = roles,
                  .inputAxes = imageAxes,
                  .infer = infer,
                  .difference = difference,
                  .words = words};

}
