// SPDX-License-Identifier: GPL-3.0-or-later
// zeropad1d, zeropad2d, zeropad3d: pads [top,bottom,left,right], before and after of each dimension, negative where it is cropped;
// padding_mode "reflect" | "replicate" | "circular" where the image goes on; value, where it is another than 0.
#include "core/layers/imagekinds.h"
#include "core/layers/padding.h"
#include "core/layers/spec.h"
#include "core/layers/turned.h"
#include "core/layers/window.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace core::layers {

namespace {

struct Mode
{
    std::string_view prefix, name; ///< of the class of torch.nn; the setting, empty for a value
};
constexpr std::array<Mode, 5> modes{Mode{"Zero", ""}, Mode{"Constant", ""}, Mode{"Reflection", "reflect"}, Mode{"Replication", "replicate"},
                                    Mode{"Circular", "circular"}};

bool any(const Ints& pads, bool (*is)(std::int64_t))
{
    return std::any_of(pads.begin(), pads.end(), is);
}

bool isNegative(std::int64_t pad)
{
    return pad < 0;
}

bool isPositive(std::int64_t pad)
{
    return pad > 0;
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
    Attributes canonical{{"pads", turned(spec.raw.integers("padding", 2 * Rank))}};
    const auto mode = std::find_if(modes.begin(), modes.end(), [&](const Mode& known) { return spec.className.starts_with(known.prefix); });
    if (mode != modes.end() && !mode->name.empty()) {
        if (any(canonical.integers("pads"), isNegative))
            unsupported(fmt::format("padding {}", fmt::join(canonical.integers("pads"), ",")), "padding of 0 and above");
        canonical.set("padding_mode", std::string(mode->name));
    } else if (const double value = spec.raw.real("value", 0.0); value != 0) {
        canonical.set("value", value);
    }
    return canonical;
}

/// int | [h,w] | [[top,bottom],[left,right]]; of one dimension int | [before,after]
template <std::size_t Rank>
Ints sidesOf(Json told)
{
    if (told.is_object() && told.contains("items"))
        told = told["items"];
    Ints pads;
    if (Rank == 1) {
        pads = kerasInts(Json{{"padding", told}}, "padding", 2, {1, 1});
    } else if (told.is_array() && told.size() == Rank && !told[0].is_number()) {
        for (const Json& sides : told) {
            const Ints both = kerasInts(Json{{"padding", sides}}, "padding", 2, {});
            pads.insert(pads.end(), both.begin(), both.end());
        }
    } else {
        for (const std::int64_t pad : kerasInts(Json{{"padding", told}}, "padding", Rank, Ints(Rank, 1)))
            pads.insert(pads.end(), {pad, pad});
    }
    if (pads.size() != 2 * Rank)
        throw Error("attribute").expected("padding of each side").found(printable(dumpJson(told, -1)));
    if (any(pads, isNegative))
        unsupported(fmt::format("padding {}", fmt::join(pads, ",")), "padding of 0 and above");
    return pads;
}

template <std::size_t Rank>
Attributes fromKeras(const KerasSpec& spec)
{
    const bool isCropping = spec.className.starts_with("Cropping");
    Ints pads = sidesOf<Rank>(spec.config.value(isCropping ? "cropping" : "padding", Json(isCropping && Rank == 2 ? 0 : 1)));
    if (isCropping)
        std::transform(pads.begin(), pads.end(), pads.begin(), [](std::int64_t pad) { return -pad; });
    Attributes canonical{{"pads", pads}};
    setKerasLayout(canonical, spec.config);
    return canonical;
}

template <std::size_t Rank>
Json toKeras(const Op& op)
{
    const Ints pads = op.attributes.integers("pads", 2 * Rank);
    const bool crops = any(pads, isNegative);
    if (op.attributes.has("padding_mode") || op.attributes.has("value") || (crops && any(pads, isPositive)))
        throw Error("layer-no-twin").expected("zeros around, or cropping").found(padsWord(op)).at(printable(op.name));
    Json sides = Json::array();
    for (std::size_t d = 0; d < pads.size(); d += 2)
        sides.push_back(Json::array({std::abs(pads[d]), std::abs(pads[d + 1])}));
    Json config{{crops ? "cropping" : "padding", Rank == 1 ? sides[0] : sides}};
    if (Rank > 1 || op.attributes.boolean("channels_first", false)) // of one dimension Keras 2 cannot be told
        config["data_format"] = kerasLayout(op);
    return config;
}

template <std::size_t Rank>
TorchSpec toTorch(const Op& op)
{
    const std::string name = op.attributes.string("padding_mode", "");
    const double value = op.attributes.real("value", 0.0);
    const auto mode = std::find_if(modes.begin(), modes.end(), [&](const Mode& known) {
        return known.name == name && (known.prefix == "Constant") == (name.empty() && value != 0);
    });
    if (mode == modes.end())
        throw Error("layer-no-twin").expected("a padding that PyTorch has").found(printable(name)).at(printable(op.name));
    TorchSpec spec{fmt::format("{}Pad{}d", mode->prefix, Rank), {{"padding", turned(op.attributes.integers("pads", 2 * Rank))}}, {}};
    if (value != 0)
        spec.raw.set("value", value);
    return spec;
}

/// "crop [2,1,0,0]" where nothing is added.
std::string sidesWord(const Op& op)
{
    Ints pads = op.attributes.integers("pads");
    if (any(pads, isPositive) || !any(pads, isNegative))
        return padsWord(op);
    std::transform(pads.begin(), pads.end(), pads.begin(), [](std::int64_t pad) { return -pad; });
    const bool isEven = std::all_of(pads.begin(), pads.end(), [&](std::int64_t pad) { return pad == pads.front(); });
    return isEven ? fmt::format("crop {}", pads.front()) : fmt::format("crop [{}]", fmt::join(pads, ","));
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    std::vector<std::string> result{sidesWord(op), op.attributes.string("padding_mode", "")};
    if (op.attributes.has("value"))
        result.push_back(fmt::format("value {:g}", op.attributes.real("value")));
    return result;
}

std::vector<Value> infer(const Call& call)
{
    Value result = call.input();
    const auto [first, pads] = paddedPlaces(call.op, call.input());
    if (any(pads, [](std::int64_t pad) { return pad < -(1 << 20) || pad > 1 << 20; }))
        throw Error("shape-window")
            .expected("padding up to 2^20")
            .found(fmt::format("{}", fmt::join(pads, ",")))
            .at(printable(call.op.name));
    const auto sizes = result.shape.begin() + static_cast<std::ptrdiff_t>(first);
    checkPadding(call.op, call.op.attributes.string("padding_mode", ""), pads,
                 Ints(sizes, sizes + static_cast<std::ptrdiff_t>(pads.size() / 2)));
    for (std::size_t d = 0; d < pads.size(); d += 2) {
        std::int64_t& size = result.shape[first + d / 2];
        if (size + pads[d] < 1 || size + pads[d + 1] < 1 || size + pads[d] + pads[d + 1] < 1)
            throw Error("shape-window")
                .expected("an input of which something is left")
                .found(fmt::format("{} with {} and {} added", size, pads[d], pads[d + 1]))
                .at(printable(call.op.name));
        size += pads[d] + pads[d + 1];
        if (Axis& axis = result.axes[first + d / 2]; pads[d] != 0 || pads[d + 1] != 0)
            axis = {pads.size() == 2 && axis.name != "C" ? "T" : axis.name, {}}; // no longer the parts that it was joined from
    }
    return {result};
}

std::string difference(const Call& a, const Call& b)
{
    const Attributes &own = a.op.attributes, &other = b.op.attributes;
    const auto sides = [](const Attributes& settings) { return fmt::format("[{}]", fmt::join(settings.integers("pads", Ints{}), ",")); };
    return firstOf({differs("padding", sides(own), sides(other)),
                    differs("padding mode", own.string("padding_mode", "zeros"), other.string("padding_mode", "zeros")),
                    differs("value", own.real("value", 0.0), other.real("value", 0.0))});
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
    kind.turned = turnedImages;
    kind.infer = infer;
    kind.difference = difference;
    kind.words = words;
    return kind;
}

AtenForm continued(std::string_view name, std::string_view className)
{
    return {name, className, {{"self", "input"}, {"padding", "padding"}}};
}

}

PaddedPlaces paddedPlaces(const Op& op, const Value& input)
{
    const Ints pads = op.attributes.integers("pads");
    const std::size_t rank = pads.size() / 2, all = input.shape.size();
    const bool isZeros = !op.attributes.has("padding_mode");
    // PyTorch pads the last dimensions whatever they are: those of a larger image, or the channels too
    const bool isBehind = isZeros && all > 3 && (all > rank + 2 || all == rank + 1) && indexOf(input.axes, "C") == 1;
    return {isBehind ? all - rank : pictureOf(op, input, rank).first, pads};
}

const Kind zeroPad1d =
    padding<1>({.id = "zeropad1d",
                .torchClasses = {"ZeroPad1d", "ConstantPad1d", "ReflectionPad1d", "ReplicationPad1d", "CircularPad1d"},
                .kerasClasses = {"ZeroPadding1D", "Cropping1D"},
                .aten = {continued("reflection_pad1d", "ReflectionPad1d"), continued("replication_pad1d", "ReplicationPad1d")}});
const Kind zeroPad2d =
    padding<2>({.id = "zeropad2d",
                .torchClasses = {"ZeroPad2d", "ConstantPad2d", "ReflectionPad2d", "ReplicationPad2d", "CircularPad2d"},
                .kerasClasses = {"ZeroPadding2D", "Cropping2D"},
                .aten = {{"constant_pad_nd", "ZeroPad2d", {{"self", "input"}, {"pad", "padding"}, {"value", "value"}}},
                         {"pad", "ZeroPad2d", {{"self", "input"}, {"pad", "padding"}, {"mode", "mode"}, {"value", "value"}}},
                         continued("reflection_pad2d", "ReflectionPad2d"),
                         continued("replication_pad2d", "ReplicationPad2d")}});
const Kind zeroPad3d =
    padding<3>({.id = "zeropad3d",
                .torchClasses = {"ZeroPad3d", "ConstantPad3d", "ReflectionPad3d", "ReplicationPad3d", "CircularPad3d"},
                .kerasClasses = {"ZeroPadding3D", "Cropping3D"},
                .aten = {continued("reflection_pad3d", "ReflectionPad3d"), continued("replication_pad3d", "ReplicationPad3d")}});

}
