// SPDX-License-Identifier: GPL-3.0-or-later
// avgpool1d, avgpool2d, avgpool3d: kernel, stride, padding, pads as conv2d; ceil; count_pad (padding counts in the divisor), optional
// divisor.
#include "core/layers/imagekinds.h"
#include "core/layers/spec.h"
#include "core/layers/spread.h"
#include "core/layers/turned.h"
#include "core/layers/window.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::layers {

namespace {

template <std::size_t Rank>
Attributes fromTorch(const TorchSpec& spec)
{
    Attributes canonical;
    setTorchWindow(canonical, spec, Rank);
    canonical.set("ceil", spec.raw.boolean("ceil_mode", false));
    canonical.set("count_pad", spec.raw.boolean("count_include_pad", true));
    if (spec.raw.has("divisor_override"))
        canonical.set("divisor", spec.raw.integer("divisor_override"));
    return canonical;
}

template <std::size_t Rank>
Attributes fromKeras(const KerasSpec& spec)
{
    Attributes canonical;
    setKerasWindow(canonical, spec, "pool_size", Rank);
    canonical.set("ceil", false);
    canonical.set("count_pad", false);
    return canonical;
}

template <std::size_t Rank>
Json toKeras(const Op& op)
{
    if (op.attributes.has("divisor"))
        throw Error("layer-no-twin").expected("a divisor of the window's size").found("divisor_override").at(printable(op.name));
    Json config;
    putKerasWindow(config, op, "pool_size", Rank);
    return config;
}

template <std::size_t Rank>
TorchSpec toTorch(const Op& op)
{
    TorchSpec spec{fmt::format("AvgPool{}d", Rank), {}, {}};
    putTorchWindow(spec.raw, op, Rank);
    spec.raw.set("ceil_mode", op.attributes.boolean("ceil", false));
    spec.raw.set("count_include_pad", op.attributes.boolean("count_pad", false));
    if (op.attributes.has("divisor"))
        spec.raw.set("divisor_override", op.attributes.integer("divisor"));
    return spec;
}

template <std::size_t Rank>
std::vector<std::string> words(const Op& op, std::int64_t)
{
    std::vector<std::string> result;
    addWindowWords(result, op, perDimension(op, "kernel", Rank));
    return result;
}

const std::vector<std::pair<std::string_view, std::string_view>> arguments{{"self", "input"},
                                                                           {"kernel_size", "kernel_size"},
                                                                           {"stride", "stride"},
                                                                           {"padding", "padding"},
                                                                           {"ceil_mode", "ceil_mode"},
                                                                           {"count_include_pad", "count_include_pad"},
                                                                           {"divisor_override", "divisor_override"}};

template <std::size_t Rank>
std::vector<Value> infer(const Call& call)
{
    const Picture picture = pictureOf(call.op, call.input(), Rank);
    return {resized(call.input(), picture, windowOf(call.op, picture.sizes).result)};
}

/// Padding that counts in the divisor; what ceil mode reaches beyond it never does.
Attribute countedPadding(const Call& call)
{
    const Op& op = call.op;
    if (!op.attributes.boolean("count_pad", false))
        return false;
    const Value* input = call.find();
    if (!input)
        return op.attributes.string("padding", "valid") != "valid";
    const Ints pads = windowOf(op, pictureOf(op, *input, windowRank(op)).sizes).pads;
    const bool isPadded = std::any_of(pads.begin(), pads.end(), [](std::int64_t pad) { return pad != 0; });
    return isPadded ? Attribute(pads) : Attribute(false);
}

std::string difference(const Call& a, const Call& b)
{
    std::string result =
        firstOf({windowDifference(a, b), differs("divisor", a.op.attributes.integer("divisor", 0), b.op.attributes.integer("divisor", 0))});
    return result.empty() ? differs("padding counted", countedPadding(a), countedPadding(b)) : result;
}

/// Padding that counts is zeros before the pooling; that which does not is Keras' 'same' where it takes the same windows.
template <std::size_t Rank>
std::optional<Steps> spread(const Call& call, Framework framework, bool)
{
    const Op& op = call.op;
    const bool isPadded = op.attributes.string("padding", "valid") == "explicit", ceils = op.attributes.boolean("ceil", false);
    if (framework != Framework::Keras || op.attributes.has("divisor"))
        return {};
    const bool counts = op.attributes.boolean("count_pad", false);
    const auto written = [](Op pooling) {
        pooling.attributes.set("count_pad", false);
        return stepOf("", pooling);
    };
    if (!isPadded && !ceils)
        return counts ? std::optional(chainOf({written(op)})) : std::nullopt;
    const Ints sizes = pictureOf(op, call.input(), Rank).sizes;
    Op floored = op;
    floored.attributes.set("ceil", false);
    const bool reaches = ceils && windowOf(op, sizes).result != windowOf(floored, sizes).result;
    if (const auto same = asSame(op, sizes); same && (!counts || !isPadded))
        return chainOf({written(*same)});
    const auto [plain, zeros] = withZeros(op, sizes);
    if (zeros.empty())
        return chainOf({written(plain)});
    if (!counts || reaches)
        throw Error("layer-no-twin")
            .expected("padding that counts in the average, or that 'same' has too")
            .found(fmt::format("padding {} that does not count", text(zeros)))
            .at(printable(op.name));
    return chainOf({padding("pad", zeros), written(plain)});
}

/// What all three have alike.
template <std::size_t Rank>
Kind pooling(Kind kind)
{
    kind.effect = Effect::Images;
    kind.family = "pooling";
    kind.fromTorch = fromTorch<Rank>;
    kind.fromKeras = fromKeras<Rank>;
    kind.toTorch = toTorch<Rank>;
    kind.toKeras = toKeras<Rank>;
    kind.inputAxes = imageAxes<Rank>;
    kind.turned = turnedImages;
    kind.infer = infer<Rank>;
    kind.difference = difference;
    kind.words = words<Rank>;
    kind.spread = spread<Rank>;
    return kind;
}

}

const Kind avgPool1d = pooling<1>({.id = "avgpool1d",
                                   .torchClasses = {"AvgPool1d"},
                                   .kerasClasses = {"AveragePooling1D"},
                                   .aten = {{"avg_pool1d", "AvgPool1d", arguments}}});
const Kind avgPool2d = pooling<2>({.id = "avgpool2d",
                                   .torchClasses = {"AvgPool2d"},
                                   .kerasClasses = {"AveragePooling2D"},
                                   .aten = {{"avg_pool2d", "AvgPool2d", arguments}}});
const Kind avgPool3d = pooling<3>({.id = "avgpool3d",
                                   .torchClasses = {"AvgPool3d"},
                                   .kerasClasses = {"AveragePooling3D"},
                                   .aten = {{"avg_pool3d", "AvgPool3d", arguments}}});

}
