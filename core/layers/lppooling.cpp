// SPDX-License-Identifier: GPL-3.0-or-later
// lppool1d, lppool2d, lppool3d: kernel, stride, ceil as avgpool2d; norm, the power p: (sum of x^p)^(1/p). In ceil mode PyTorch scales up
// the sum over what a window has of the image.
#include "core/layers/imagekinds.h"
#include "core/layers/spec.h"
#include "core/layers/turned.h"
#include "core/layers/window.h"

#include <cmath>
#include <fmt/format.h>

namespace core::layers {

namespace {

template <std::size_t Rank>
Attributes fromTorch(const TorchSpec& spec)
{
    Attributes canonical;
    setTorchWindow(canonical, spec, Rank);
    const double norm = spec.raw.real("norm_type");
    if (!std::isfinite(norm) || norm == 0)
        unsupported(fmt::format("norm_type {}", norm), "a power other than 0");
    canonical.set("norm", norm);
    canonical.set("ceil", spec.raw.boolean("ceil_mode", false));
    return canonical;
}

template <std::size_t Rank>
TorchSpec toTorch(const Op& op)
{
    return {fmt::format("LPPool{}d", Rank),
            {{"norm_type", op.attributes.real("norm")},
             {"kernel_size", op.attributes.integers("kernel", Rank)},
             {"stride", perDimension(op, "stride", Rank)},
             {"ceil_mode", op.attributes.boolean("ceil", false)}},
            {}};
}

template <std::size_t Rank>
std::vector<Value> infer(const Call& call)
{
    const Picture picture = pictureOf(call.op, call.input(), Rank);
    return {resized(call.input(), picture, windowOf(call.op, picture.sizes).result)};
}

std::string difference(const Call& a, const Call& b)
{
    return firstOf({windowDifference(a, b), differs("norm", a.op.attributes.real("norm"), b.op.attributes.real("norm")),
                    differs("ceil mode", a.op.attributes.boolean("ceil", false), b.op.attributes.boolean("ceil", false))});
}

template <std::size_t Rank>
std::vector<std::string> words(const Op& op, std::int64_t)
{
    std::vector<std::string> result{fmt::format("L{:g}", op.attributes.real("norm"))};
    addWindowWords(result, op, perDimension(op, "kernel", Rank));
    return result;
}

/// What all three have alike.
template <std::size_t Rank>
Kind pooling(Kind kind)
{
    kind.effect = Effect::Images;
    kind.family = "pooling";
    kind.fromTorch = fromTorch<Rank>;
    kind.toTorch = toTorch<Rank>;
    kind.inputAxes = imageAxes<Rank>;
    kind.turned = turnedImages;
    kind.infer = infer<Rank>;
    kind.difference = difference;
    kind.words = words<Rank>;
    return kind;
}

}

const Kind lpPool1d = pooling<1>({.id = "lppool1d", .torchClasses = {"LPPool1d"}, .kerasClasses = {}});
const Kind lpPool2d = pooling<2>({.id = "lppool2d", .torchClasses = {"LPPool2d"}, .kerasClasses = {}});
const Kind lpPool3d = pooling<3>({.id = "lppool3d", .torchClasses = {"LPPool3d"}, .kerasClasses = {}});

}
