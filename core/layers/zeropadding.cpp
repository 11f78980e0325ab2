// SPDX-License-Identifier: GPL-3.0-or-later
// zeropad1d, zeropad2d, zeropad3d: pads [top,bottom,left,right], before and after of each dimension; negative ones crop in PyTorch and are
// refused here.
#include "core/layers/imagekinds.h"
#include "core/layers/spec.h"
#include "core/layers/window.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes withPads(const Ints& pads)
{
    if (std::any_of(pads.begin(), pads.end(), [](std::int64_t pad) { return pad < 0; }))
        unsupported("padding " + text(pads), "padding of 0 and above");
    return {{"pads", pads}};
}

/// torch lists the last dimension first.
Ints turned(const Ints& pads)
{
    Ints result;
    for (std::size_t d = pads.size(); d > 0; d -= 2)
        result.insert(result.end(), {pads[d - 2], pads[d - 1]});
    return result;
}

template <std::size_t Rank>
Attributes fromTorch(const TorchSpec& spec)
{
    return withPads(turned(spec.raw.integers("padding", 2 * Rank)));
}

/// int | [h,w] | [[top,bottom],[left,right]]; of one dimension int | [before,after]
template <std::size_t Rank>
Attributes fromKeras(const KerasSpec& spec)
{
    Json padding = spec.config.value("padding", Json(1));
    if (padding.is_object() && padding.contains("items"))
        padding = padding["items"];
    Ints pads;
    if (Rank == 1) {
        pads = kerasInts(Json{{"padding", padding}}, "padding", 2, {1, 1});
    } else if (padding.is_array() && padding.size() == Rank && !padding[0].is_number()) {
        for (const Json& sides : padding) {
            const Ints both = kerasInts(Json{{"padding", sides}}, "padding", 2, {});
            pads.insert(pads.end(), both.begin(), both.end());
        }
    } else {
        for (const std::int64_t pad : kerasInts(Json{{"padding", padding}}, "padding", Rank, Ints(Rank, 1)))
            pads.insert(pads.end(), {pad, pad});
    }
    if (pads.size() != 2 * Rank)
        throw Error("attribute").expected("padding of each side").found(printable(dumpJson(padding, -1)));
    Attributes canonical = withPads(pads);
    setKerasLayout(canonical, spec.config);
    return canonical;
}

template <std::size_t Rank>
Json toKeras(const Op& op)
{
    const Ints p = op.attributes.integers("pads", 2 * Rank);
    if (Rank == 1)
        return {{"padding", Json::array({p[0], p[1]})}, {"data_format", kerasLayout(op)}};
    Json sides = Json::array();
    for (std::size_t d = 0; d < p.size(); d += 2)
        sides.push_back(Json::array({p[d], p[d + 1]}));
    return {{"padding", sides}, {"data_format", kerasLayout(op)}};
}

template <std::size_t Rank>
TorchSpec toTorch(const Op& op)
{
    return {fmt::format("ZeroPad{}d", Rank), {{"padding", turned(op.attributes.integers("pads", 2 * Rank))}}, {}};
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    return {padsWord(op)};
}

template <std::size_t Rank>
std::vector<Value> infer(const Call& call)
{
    const Picture picture = pictureOf(call.op, call.input(), Rank);
    const Ints p = call.op.attributes.integers("pads", 2 * Rank);
    if (std::any_of(p.begin(), p.end(), [](std::int64_t pad) { return pad < 0 || pad > 1 << 20; }))
        throw Error("shape-window").expected("padding up to 2^20").found(text(p)).at(printable(call.op.name));
    Ints sizes = picture.sizes;
    for (std::size_t d = 0; d < Rank; ++d)
        sizes[d] += p[2 * d] + p[2 * d + 1];
    return {resized(call.input(), picture, sizes)};
}

std::string difference(const Call& a, const Call& b)
{
    return differs("padding", a.op.attributes.integers("pads", Ints{}), b.op.attributes.integers("pads", Ints{}));
}

/// What all three have alike.
template <std::size_t Rank>
Kind padding(Kind kind)
{
    kind.effect = Effect::Images;
    kind.pads = true;
    kind.fromTorch = fromTorch<Rank>;
    kind.fromKeras = fromKeras<Rank>;
    kind.toTorch = toTorch<Rank>;
    kind.toKeras = toKeras<Rank>;
    kind.inputAxes = imageAxes<Rank>;
    kind.infer = infer<Rank>;
    kind.difference = difference;
    kind.words = words;
    return kind;
}

}

const Kind zeroPad1d = padding<1>({.id = "zeropad1d", .torchClasses = {"ZeroPad1d"}, .kerasClasses = {"ZeroPadding1D"}});
const Kind zeroPad2d =
    padding<2>({.id = "zeropad2d",
                .torchClasses = {"ZeroPad2d"},
                .kerasClasses = {"ZeroPadding2D"},
                .aten = {{"constant_pad_nd", "ZeroPad2d", {{"self", "input"}, {"pad", "padding"}, {"value", "value"}}},
                         {"pad", "ZeroPad2d", {{"self", "input"}, {"pad", "padding"}, {"mode", "mode"}, {"value", "value"}}}}});
const Kind zeroPad3d = padding<3>({.id = "zeropad3d", .torchClasses = {"ZeroPad3d"}, .kerasClasses = {"ZeroPadding3D"}});

}
