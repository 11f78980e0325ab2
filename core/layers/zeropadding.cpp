// SPDX-License-Identifier: GPL-3.0-or-later
// zeropad2d: pads [top,bottom,left,right]; negative ones crop in PyTorch and are refused here.
#include "core/layers/imagekinds.h"
#include "core/layers/spec.h"
#include "core/layers/window.h"

#include <algorithm>

namespace core::layers {

namespace {

Attributes withPads(const Ints& pads)
{
    if (std::any_of(pads.begin(), pads.end(), [](std::int64_t pad) { return pad < 0; }))
        unsupported("padding " + text(pads), "padding of 0 and above");
    return {{"pads", pads}};
}

Attributes fromTorch(const TorchSpec& spec)
{
    const Ints p = spec.raw.integers("padding", 4); // left, right, top, bottom
    return withPads({p[2], p[3], p[0], p[1]});
}

/// int | [h,w] | [[top,bottom],[left,right]]
Attributes fromKeras(const KerasSpec& spec)
{
    requireChannelsLast(spec.config);
    const Json padding = spec.config.value("padding", Json(1));
    const bool nested = padding.is_array() && padding.size() == 2 && padding[0].is_array();
    if (!nested) {
        const Ints p = kerasInts(spec.config, "padding", 2, {1, 1});
        return withPads({p[0], p[0], p[1], p[1]});
    }
    const Json rows{{"pads", padding[0]}}, columns{{"pads", padding[1]}};
    const Ints h = kerasInts(rows, "pads", 2, {}), w = kerasInts(columns, "pads", 2, {});
    return withPads({h[0], h[1], w[0], w[1]});
}

Json toKeras(const Op& op)
{
    const Ints p = op.attributes.integers("pads", 4);
    return {{"padding", Json::array({Json::array({p[0], p[1]}), Json::array({p[2], p[3]})})}, {"data_format", "channels_last"}};
}

TorchSpec toTorch(const Op& op)
{
    const Ints p = op.attributes.integers("pads", 4);
    return {"ZeroPad2d", {{"padding", Ints{p[2], p[3], p[0], p[1]}}}, {}};
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    return {padsWord(op)};
}

std::vector<Value> infer(const Call& call)
{
    const auto [height, width] = imageSize(call.op, call.input());
    const Ints p = call.op.attributes.integers("pads", 4);
    if (std::any_of(p.begin(), p.end(), [](std::int64_t pad) { return pad > 1 << 20; }))
        throw Error("shape-window").expected("padding up to 2^20").found(text(p)).at(printable(call.op.name));
    return {resized(call.input(), height + p[0] + p[1], width + p[2] + p[3])};
}

std::string difference(const Call& a, const Call& b)
{
    return differs("padding", a.op.attributes.integers("pads", 4), b.op.attributes.integers("pads", 4));
}

}

const Kind zeroPad2d{.id = "zeropad2d",
                     .torchClasses = {"ZeroPad2d"},
                     .kerasClasses = {"ZeroPadding2D"},
                     .aten = {{"constant_pad_nd", "ZeroPad2d", {{"self", "input"}, {"pad", "padding"}, {"value", "value"}}},
                              {"pad", "ZeroPad2d", {{"self", "input"}, {"pad", "padding"}, {"mode", "mode"}, {"value", "value"}}}},
                     .effect = Effect::Images,
                     .pads = true,
                     .fromTorch = fromTorch,
                     .fromKeras = fromKeras,
                     .toTorch = toTorch,
                     .toKeras = toKeras,
                     .inputAxes = imageAxes,
                     .infer = infer,
                     .difference = difference,
                     .words = words};

}
