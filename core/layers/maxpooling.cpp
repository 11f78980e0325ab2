// SPDX-License-Identifier: GPL-3.0-or-later
// maxpool1d, maxpool2d, maxpool3d: kernel, stride, dilation, padding, pads as conv2d; ceil. Padding never wins (minus infinity).
#include "core/layers/imagekinds.h"
#include "core/layers/spec.h"
#include "core/layers/spread.h"
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
    Attributes canonical;
    setTorchWindow(canonical, spec, Rank);
    canonical.set("ceil", spec.raw.boolean("ceil_mode", false));
    return canonical;
}

template <std::size_t Rank>
Attributes fromKeras(const KerasSpec& spec)
{
    Attributes canonical;
    setKerasWindow(canonical, spec, "pool_size", Rank);
    canonical.set("ceil", false);
    return canonical;
}

template <std::size_t Rank>
Json toKeras(const Op& op)
{
    if (perDimension(op, "dilation", Rank) != Ints(Rank, 1))
        throw Error("layer-no-twin").expected("a pooling without dilation").found("dilation").at(printable(op.name));
    Json config;
    putKerasWindow(config, op, "pool_size", Rank);
    return config;
}

template <std::size_t Rank>
TorchSpec toTorch(const Op& op)
{
    TorchSpec spec{fmt::format("MaxPool{}d", Rank), {}, {}};
    putTorchWindow(spec.raw, op, Rank);
    spec.raw.set("ceil_mode", op.attributes.boolean("ceil", false));
    return spec;
}

template <std::size_t Rank>
std::vector<std::string> words(const Op& op, std::int64_t)
{
    std::vector<std::string> result;
    addWindowWords(result, op, perDimension(op, "kernel", Rank));
    return result;
}

const std::vector<std::pair<std::string_view, std::string_view>> arguments{{"self", "input"},        {"kernel_size", "kernel_size"},
                                                                           {"stride", "stride"},     {"padding", "padding"},
                                                                           {"dilation", "dilation"}, {"ceil_mode", "ceil_mode"}};

template <std::size_t Rank>
std::vector<Value> infer(const Call& call)
{
    const Picture picture = pictureOf(call.op, call.input(), Rank);
    return {resized(call.input(), picture, windowOf(call.op, picture.sizes).result)};
}

/// Zeros stand for PyTorch's padding where nothing is below them.
template <std::size_t Rank>
std::optional<Steps> spread(const Call& call, Framework framework, bool neverNegative)
{
    const Op& op = call.op;
    if (framework != Framework::Keras || (op.attributes.string("padding", "valid") != "explicit" && !op.attributes.boolean("ceil", false)))
        return {};
    const Ints sizes = pictureOf(op, call.input(), Rank).sizes;
    if (const auto same = asSame(op, sizes))
        return chainOf({stepOf("", *same)});
    const auto [plain, zeros] = withZeros(op, sizes);
    if (zeros.empty())
        return chainOf({stepOf("", plain)});
    if (!neverNegative)
        throw Error("layer-no-twin")
            .expected("padding that 'same' has too, or an input that is never negative (behind a ReLU), which zeros may pad")
            .found(fmt::format("padding {} around values of either sign", text(zeros)))
            .at(printable(op.name));
    return chainOf({padding("pad", zeros), stepOf("", plain)});
}

/// What all three have alike.
template <std::size_t Rank>
Kind pooling(Kind kind)
{
    kind.effect = Effect::Images;
    kind.family = "pooling";
    kind.picks = true;
    kind.fromTorch = fromTorch<Rank>;
    kind.fromKeras = fromKeras<Rank>;
    kind.toTorch = toTorch<Rank>;
    kind.toKeras = toKeras<Rank>;
    kind.inputAxes = imageAxes<Rank>;
    kind.turned = turnedImages;
    kind.infer = infer<Rank>;
    kind.difference = windowDifference;
    kind.words = words<Rank>;
    kind.spread = spread<Rank>;
    return kind;
}

}

const Kind maxPool1d = pooling<1>({.id = "maxpool1d",
                                   .torchClasses = {"MaxPool1d"},
                                   .kerasClasses = {"MaxPooling1D"},
                                   .aten = {{"max_pool1d", "MaxPool1d", arguments}, {"max_pool1d_with_indices", "MaxPool1d", arguments}}});
const Kind maxPool2d = pooling<2>({.id = "maxpool2d",
                                   .torchClasses = {"MaxPool2d"},
                                   .kerasClasses = {"MaxPooling2D"},
                                   .aten = {{"max_pool2d", "MaxPool2d", arguments}, {"max_pool2d_with_indices", "MaxPool2d", arguments}}});
const Kind maxPool3d = pooling<3>({.id = "maxpool3d",
                                   .torchClasses = {"MaxPool3d"},
                                   .kerasClasses = {"MaxPooling3D"},
                                   .aten = {{"max_pool3d", "MaxPool3d", arguments}, {"max_pool3d_with_indices", "MaxPool3d", arguments}}});

}
