// SPDX-License-Identifier: GPL-3.0-or-later
// globalavgpool1d to 3d and globalmaxpool1d to 3d: keepdims. PyTorch's AdaptiveAvgPool2d(1) keeps H and W as 1.
#include "core/layers/imagekinds.h"
#include "core/layers/spec.h"
#include "core/layers/turned.h"
#include "core/layers/window.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

template <std::size_t Rank>
Attributes fromTorch(const TorchSpec& spec)
{
    if (spec.raw.boolean("return_indices", false))
        unsupported("return_indices", "a pooling with one result");
    const Ints size = spec.raw.integers("output_size", Rank);
    if (size != Ints(Rank, 1))
        unsupported("output_size " + text(size), "output_size 1");
    return {{"keepdims", true}};
}

Attributes fromKeras(const KerasSpec& spec)
{
    const bool isAdaptive = spec.config.contains("output_size"); // of one place, which stays
    Attributes canonical{{"keepdims", isAdaptive || kerasBool(spec.config, "keepdims", false)}};
    setKerasLayout(canonical, spec.config);
    return canonical;
}

Json toKeras(const Op& op)
{
    return {{"data_format", kerasLayout(op)}, {"keepdims", op.attributes.boolean("keepdims", false)}};
}

template <std::size_t Rank, bool Max>
TorchSpec toTorch(const Op& op)
{
    if (!op.attributes.boolean("keepdims", false))
        throw Error("layer-no-twin").expected("a pooling that keeps height and width").found("keepdims=False").at(printable(op.name));
    return {fmt::format("Adaptive{}Pool{}d", Max ? "Max" : "Avg", Rank), {{"output_size", Ints(Rank, 1)}}, {}};
}

template <std::size_t Rank>
std::vector<Value> infer(const Call& call)
{
    const Picture picture = pictureOf(call.op, call.input(), Rank);
    if (call.op.attributes.boolean("keepdims", false))
        return {resized(call.input(), picture, Ints(Rank, 1))};
    Value result{{call.input().shape[0], picture.channels}, axesOf("NC")};
    result.axes[1] = call.input().axes[picture.channel];
    return {result};
}

/// With or without H and W of size 1: the values are the same.
std::string difference(const Call&, const Call&)
{
    return {};
}

/// What all have alike.
template <std::size_t Rank, bool Max>
Kind pooling(Kind kind)
{
    kind.effect = Effect::Averages;
    kind.family = "pooling";
    kind.picks = Max;
    kind.form = Max ? Form::Plain : Form::Logits;
    kind.fromTorch = fromTorch<Rank>;
    kind.fromKeras = fromKeras;
    kind.toTorch = toTorch<Rank, Max>;
    kind.toKeras = toKeras;
    kind.inputAxes = imageAxes<Rank>;
    kind.turned = turnedImages;
    kind.infer = infer<Rank>;
    kind.difference = difference;
    return kind;
}

const std::vector<std::pair<std::string_view, std::string_view>> arguments{{"self", "input"}, {"output_size", "output_size"}};

}

const Kind globalAvgPool1d = pooling<1, false>({.id = "globalavgpool1d",
                                                .torchClasses = {"AdaptiveAvgPool1d"},
                                                .kerasClasses = {"GlobalAveragePooling1D"},
                                                .aten = {{"adaptive_avg_pool1d", "AdaptiveAvgPool1d", arguments}}});
const Kind globalAvgPool2d = pooling<2, false>(
    {.id = "globalavgpool2d",
     .torchClasses = {"AdaptiveAvgPool2d"},
     .kerasClasses = {"GlobalAveragePooling2D"},
     .aten = {{"adaptive_avg_pool2d", "AdaptiveAvgPool2d", arguments}, {"_adaptive_avg_pool2d", "AdaptiveAvgPool2d", arguments}}});
const Kind globalAvgPool3d = pooling<3, false>(
    {.id = "globalavgpool3d",
     .torchClasses = {"AdaptiveAvgPool3d"},
     .kerasClasses = {"GlobalAveragePooling3D"},
     .aten = {{"adaptive_avg_pool3d", "AdaptiveAvgPool3d", arguments}, {"_adaptive_avg_pool3d", "AdaptiveAvgPool3d", arguments}}});
const Kind globalMaxPool1d = pooling<1, true>({.id = "globalmaxpool1d",
                                               .torchClasses = {"AdaptiveMaxPool1d"},
                                               .kerasClasses = {"GlobalMaxPooling1D"},
                                               .aten = {{"adaptive_max_pool1d", "AdaptiveMaxPool1d", arguments}}});
const Kind globalMaxPool2d = pooling<2, true>({.id = "globalmaxpool2d",
                                               .torchClasses = {"AdaptiveMaxPool2d"},
                                               .kerasClasses = {"GlobalMaxPooling2D"},
                                               .aten = {{"adaptive_max_pool2d", "AdaptiveMaxPool2d", arguments}}});
const Kind globalMaxPool3d = pooling<3, true>({.id = "globalmaxpool3d",
                                               .torchClasses = {"AdaptiveMaxPool3d"},
                                               .kerasClasses = {"GlobalMaxPooling3D"},
                                               .aten = {{"adaptive_max_pool3d", "AdaptiveMaxPool3d", arguments}}});

}
