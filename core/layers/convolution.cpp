// SPDX-License-Identifier: GPL-3.0-or-later
// conv1d, conv2d, conv3d: filters, kernel, stride, dilation (a number for each dimension), groups, bias; padding "valid" | "same" |
// "causal" | "explicit" with pads [top,bottom,left,right]; padding_mode "reflect" | "replicate" | "circular", of zeros where it is absent.
// Keras' depthwise ones have a multiplier in place of filters and groups: every channel of the input is a group that makes so many.
#include "core/layers/imagekinds.h"
#include "core/layers/spec.h"
#include "core/layers/spread.h"
#include "core/layers/turned.h"
#include "core/layers/window.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

bool isDepthwise(const Attributes& settings)
{
    return settings.has("multiplier");
}

struct Channels
{
    std::int64_t filters, groups; ///< 0 where they depend on an input that is not known
};

Channels channelsOf(const Attributes& settings, std::int64_t consumed)
{
    if (!isDepthwise(settings))
        return {settings.integer("filters", 0), settings.integer("groups", 1)};
    return {consumed * settings.integer("multiplier"), consumed};
}

template <std::size_t Rank>
Attributes fromTorch(const TorchSpec& spec)
{
    Attributes canonical;
    setTorchWindow(canonical, spec, Rank);
    const std::string mode = spec.raw.string("padding_mode", "zeros");
    if (mode != "zeros" && mode != "reflect" && mode != "replicate" && mode != "circular")
        unsupported("padding_mode " + printable(mode), "zeros, reflect, replicate or circular");
    if (mode != "zeros" && canonical.string("padding") != "valid")
        canonical.set("padding_mode", mode);
    canonical.set("filters", spec.raw.integer("out_channels"));
    canonical.set("groups", spec.raw.integer("groups", 1));
    canonical.set("bias", spec.parameters.contains("bias"));
    return canonical;
}

template <std::size_t Rank>
Attributes fromKeras(const KerasSpec& spec)
{
    Attributes canonical;
    setKerasWindow(canonical, spec, "kernel_size", Rank);
    if (spec.className.starts_with("Depthwise")) {
        canonical.set("multiplier", kerasInt(spec.config, "depth_multiplier", 1));
        canonical.set("bias", kerasBool(spec.config, "use_bias", true));
        return canonical;
    }
    canonical.set("filters", kerasInt(spec.config, "filters", 0));
    canonical.set("groups", kerasInt(spec.config, "groups", 1));
    canonical.set("bias", kerasBool(spec.config, "use_bias", true));
    return canonical;
}

template <std::size_t Rank>
Json toKeras(const Op& op)
{
    if (const std::string mode = op.attributes.string("padding_mode", "zeros"); mode != "zeros")
        throw Error("layer-no-twin").expected("padding with zeros").found("padding_mode " + mode).at(printable(op.name));
    Json config;
    putKerasWindow(config, op, "kernel_size", Rank);
    config["dilation_rate"] = perDimension(op, "dilation", Rank);
    config["use_bias"] = op.attributes.boolean("bias", true);
    if (isDepthwise(op.attributes)) {
        config["depth_multiplier"] = op.attributes.integer("multiplier");
        return config;
    }
    config["filters"] = op.attributes.integer("filters");
    config["groups"] = op.attributes.integer("groups", 1);
    return config;
}

template <std::size_t Rank>
std::vector<Role> roles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    const std::int64_t consumed = layers::channelsOf(inputs, Rank);
    const auto [filters, groups] = channelsOf(settings, consumed);
    const std::string letters(kernelLetters(Rank)), joined = "oi" + letters, apart = letters + "im", plain = letters + "io";
    const bool isApart = isDepthwise(settings) && framework == Framework::Keras;
    std::vector<RoleAxis> axes = kernelAxes(settings, Rank, filters, isApart ? consumed : groups > 0 ? consumed / groups : 0);
    axes.push_back({"m", settings.integer("multiplier", 0)});
    return rolesFrom(framework, axes,
                     {{"kernel", "weight", isApart ? "depthwise_kernel" : "kernel", joined, isApart ? apart : plain},
                      {"bias", "bias", "bias", "o", "o", settings.boolean("bias", true)}});
}

/// A depthwise kernel has channels and what each of them makes on two axes in Keras, on one in PyTorch.
std::vector<RoleGroup> groups(const Attributes& a, Framework ofA, const Attributes& b, Framework ofB)
{
    const bool isApartA = isDepthwise(a) && ofA == Framework::Keras, isApartB = isDepthwise(b) && ofB == Framework::Keras;
    if (isApartA == isApartB)
        return {};
    const bool isKerasAlone = ofA == ofB;
    return {{{"kernel"}, {"kernel"}, isKerasAlone ? "same" : isApartA ? "channels-joined" : "channels-apart"}};
}

template <std::size_t Rank>
TorchSpec toTorch(const Op& op)
{
    if (isDepthwise(op.attributes))
        throw Error("layer-no-twin").expected("a convolution that tells its filters").found("a depthwise one").at(printable(op.name));
    TorchSpec spec{fmt::format("Conv{}d", Rank), {{"out_channels", op.attributes.integer("filters")}}, {}};
    putTorchWindow(spec.raw, op, Rank);
    spec.raw.set("groups", op.attributes.integer("groups", 1));
    spec.raw.set("bias", op.attributes.boolean("bias", true));
    if (op.attributes.has("padding_mode"))
        spec.raw.set("padding_mode", op.attributes.string("padding_mode"));
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

template <std::size_t Rank>
std::vector<std::string> words(const Op& op, std::int64_t consumed)
{
    const auto [filters, groups] = channelsOf(op.attributes, consumed);
    std::vector<std::string> result{producedWord(filters, consumed)};
    addWindowWords(result, op, Ints(Rank, 1));
    if (groups > 1)
        result.push_back(fmt::format("g{}", groups));
    if (op.attributes.has("padding_mode"))
        result.push_back(op.attributes.string("padding_mode") + " padding");
    return result;
}

template <std::size_t Rank>
std::vector<Value> infer(const Call& call)
{
    const Picture picture = pictureOf(call.op, call.input(), Rank);
    const auto [filters, groups] = channelsOf(call.op.attributes, picture.channels);
    if (groups < 1 || filters < 1 || filters % groups != 0 || picture.channels % groups != 0)
        throw Error("shape-groups")
            .expected(fmt::format("groups that divide {} channels and {} filters", picture.channels, filters))
            .found(std::to_string(groups))
            .at(printable(call.op.name));
    const Window window = windowOf(call.op, picture.sizes);
    checkPadding(call.op, call.op.attributes.string("padding_mode", "zeros"), window.pads, picture.sizes);
    return {resized(call.input(), picture, window.result, filters)};
}

std::string difference(const Call& a, const Call& b)
{
    const auto mode = [](const Call& call) { return Attribute(call.op.attributes.string("padding_mode", "zeros")); };
    const auto channels = [](const Call& call, std::size_t rank) {
        return channelsOf(call.op.attributes, call.find() ? layers::channelsOf(std::span(call.find(), 1), rank) : 0);
    };
    const Channels ofA = channels(a, windowRank(a.op)), ofB = channels(b, windowRank(b.op));
    const bool isKnown = ofA.groups > 0 && ofB.groups > 0;
    return firstOf({isKnown ? differs("filters", ofA.filters, ofB.filters) : "", isKnown ? differs("groups", ofA.groups, ofB.groups) : "",
                    differs("padding mode", mode(a), mode(b)), windowDifference(a, b)});
}

/// As Keras computes it: a group for each channel is a depthwise one, and what 'same' does not pad stands before it.
template <std::size_t Rank>
std::optional<Steps> spread(const Call& call, Framework framework, bool)
{
    if (framework != Framework::Keras)
        return {};
    const Picture picture = pictureOf(call.op, call.input(), Rank);
    const Ints stride = perDimension(call.op, "stride", Rank), dilation = perDimension(call.op, "dilation", Rank);
    if (stride != Ints(Rank, 1) && dilation != Ints(Rank, 1))
        throw Error("layer-no-twin").expected("a stride or a dilation").found("both").at(printable(call.op.name));
    if (call.op.attributes.string("padding_mode", "zeros") != "zeros")
        return {}; // toKeras tells
    auto [op, zeros] = kerasPadding(call.op, picture.sizes);
    if (const std::int64_t filters = op.attributes.integer("filters", 0), groups = op.attributes.integer("groups", 1);
        Rank < 3 && groups > 1 && groups == picture.channels && stride == Ints(Rank, stride.front())) {
        op.attributes.set("multiplier", filters / groups);
        op.attributes.remove("filters");
        op.attributes.remove("groups");
    }
    if (op.attributes == call.op.attributes)
        return {};
    std::vector<Step> steps;
    if (!zeros.empty())
        steps.push_back(padding("pad", zeros));
    steps.push_back(stepOf("", op));
    return chainOf(std::move(steps));
}

/// What all three have alike.
template <std::size_t Rank>
Kind convolution(Kind kind)
{
    const std::vector<std::pair<std::string_view, std::string_view>> arguments{
        {"input", "input"},     {"weight", "weight"},     {"bias", "bias"},    {"stride", "stride"},
        {"padding", "padding"}, {"dilation", "dilation"}, {"groups", "groups"}};
    kind.aten = {{kind.id, kind.torchClasses.front(), arguments}}; // ATen calls the operators as the kinds are called
    kind.effect = Effect::Images;
    kind.takesActivation = true;
    kind.form = Form::Logits;
    kind.fromTorch = fromTorch<Rank>;
    kind.fromKeras = fromKeras<Rank>;
    kind.toTorch = toTorch<Rank>;
    kind.toKeras = toKeras<Rank>;
    kind.fromAten = fromAten;
    kind.roles = roles<Rank>;
    kind.groups = groups;
    kind.inputAxes = imageAxes<Rank>;
    kind.turned = turnedImages;
    kind.infer = infer<Rank>;
    kind.difference = difference;
    kind.words = words<Rank>;
    kind.spread = spread<Rank>;
    return kind;
}

}

const Kind conv1d =
    convolution<1>({.id = "conv1d", .torchClasses = {"Conv1d"}, .kerasClasses = {"Conv1D", "Convolution1D", "DepthwiseConv1D"}});
const Kind conv2d =
    convolution<2>({.id = "conv2d", .torchClasses = {"Conv2d"}, .kerasClasses = {"Conv2D", "Convolution2D", "DepthwiseConv2D"}});
const Kind conv3d = convolution<3>({.id = "conv3d", .torchClasses = {"Conv3d"}, .kerasClasses = {"Conv3D", "Convolution3D"}});

}
