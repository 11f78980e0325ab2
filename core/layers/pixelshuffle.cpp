// SPDX-License-Identifier: GPL-3.0-or-later
// pixelshuffle and pixelunshuffle: factor; blocks_first where the place in a block is the channels' slower index (TensorFlow's
// depth_to_space), rather than the faster one (PyTorch's). channelshuffle: groups.
#include "core/layers/pixelshuffle.h"

#include "core/layers/imagekinds.h"
#include "core/layers/spec.h"
#include "core/layers/spread.h"
#include "core/layers/turned.h"
#include "core/layers/window.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

std::int64_t positive(const char* name, std::int64_t number)
{
    if (number < 1 || number > 1 << 20)
        unsupported(fmt::format("{} {}", name, number), "a number above 0");
    return number;
}

Attributes blocks(std::int64_t factor, const TorchSpec& spec)
{
    Attributes canonical{{"factor", factor}};
    if (spec.raw.boolean("blocks_first", false))
        canonical.set("blocks_first", true);
    return canonical;
}

Attributes shuffleFromTorch(const TorchSpec& spec)
{
    return blocks(positive("upscale_factor", spec.raw.integer("upscale_factor")), spec);
}

Attributes unshuffleFromTorch(const TorchSpec& spec)
{
    return blocks(positive("downscale_factor", spec.raw.integer("downscale_factor")), spec);
}

Attributes channelsFromTorch(const TorchSpec& spec)
{
    return {{"groups", positive("groups", spec.raw.integer("groups"))}};
}

void requireTorchOrder(const Op& op)
{
    if (op.attributes.boolean("blocks_first", false))
        throw Error("layer-no-twin").expected("channels that hold a block each").found("depth_to_space").at(printable(op.name));
}

TorchSpec shuffleToTorch(const Op& op)
{
    requireTorchOrder(op);
    return {"PixelShuffle", {{"upscale_factor", op.attributes.integer("factor")}}, {}};
}

TorchSpec unshuffleToTorch(const Op& op)
{
    requireTorchOrder(op);
    return {"PixelUnshuffle", {{"downscale_factor", op.attributes.integer("factor")}}, {}};
}

TorchSpec channelsToTorch(const Op& op)
{
    return {"ChannelShuffle", {{"groups", op.attributes.integer("groups")}}, {}};
}

[[noreturn]] void doesNotFit(const Op& op, const std::string& expected, std::int64_t found)
{
    throw Error("shape-shuffle").expected(expected).found(std::to_string(found)).at(printable(op.name));
}

/// What one axis of the input is made of, slowest first, by letters: c channels, g groups, h and w places, y and x in a block.
struct Letters
{
    std::string from, to; ///< to: in the order in which the result has them
};

Letters lettersOf(const Op& op, bool isFirst)
{
    const bool byBlocks = op.attributes.boolean("blocks_first", false);
    const std::string apart = byBlocks ? "yxc" : "cyx";
    if (op.kind == pixelShuffle.id)
        return isFirst ? Letters{"n" + apart + "hw", "nchywx"} : Letters{"nhw" + apart, "nhywxc"};
    if (op.kind == pixelUnshuffle.id)
        return isFirst ? Letters{"nchywx", "n" + apart + "hw"} : Letters{"nhywxc", "nhw" + apart};
    return isFirst ? Letters{"ngchw", "ncghw"} : Letters{"nhwgc", "nhwcg"};
}

std::vector<Value> infer(const Call& call)
{
    const Op& op = call.op;
    const std::size_t rank = op.attributes.has("factor") ? 2 : call.input().shape.size() - 2;
    const Picture picture = pictureOf(op, call.input(), rank);
    if (!op.attributes.has("factor")) {
        const std::int64_t groups = op.attributes.integer("groups");
        if (picture.channels % groups != 0)
            doesNotFit(op, fmt::format("channels in {} groups", groups), picture.channels);
        return {resized(call.input(), picture, picture.sizes, picture.channels)};
    }
    const std::int64_t factor = op.attributes.integer("factor");
    Ints sizes = picture.sizes;
    if (op.kind == pixelShuffle.id) {
        if (picture.channels % factor != 0 || picture.channels / factor % factor != 0)
            doesNotFit(op, fmt::format("channels for blocks of {} x {}", factor, factor), picture.channels);
        for (std::int64_t& size : sizes)
            if (__builtin_mul_overflow(size, factor, &size))
                doesNotFit(op, "sizes that can be counted", factor);
        return {resized(call.input(), picture, sizes, picture.channels / factor / factor)};
    }
    for (std::int64_t& size : sizes) {
        if (size % factor != 0)
            doesNotFit(op, fmt::format("a size in blocks of {}", factor), size);
        size /= factor;
    }
    std::int64_t channels = picture.channels;
    for (int side = 0; side < 2; ++side)
        if (__builtin_mul_overflow(channels, factor, &channels))
            doesNotFit(op, "channels that can be counted", factor);
    return {resized(call.input(), picture, sizes, channels)};
}

std::string difference(const Call& a, const Call& b)
{
    const auto order = [](const Op& op) { return std::string(op.attributes.boolean("blocks_first", false) ? "blocks" : "channels"); };
    return firstOf({differs("factor", a.op.attributes.integer("factor", 0), b.op.attributes.integer("factor", 0)),
                    differs("groups", a.op.attributes.integer("groups", 0), b.op.attributes.integer("groups", 0)),
                    differs("slowest", order(a.op), order(b.op))});
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    return {op.attributes.has("factor") ? fmt::format("×{}", op.attributes.integer("factor"))
                                        : fmt::format("g{}", op.attributes.integer("groups"))};
}

std::string_view inputAxes(const Op& op, Framework framework, std::size_t rank)
{
    return rank == 3   ? imageAxes<1>(op, framework, rank)
           : rank == 5 ? imageAxes<3>(op, framework, rank)
                       : imageAxes<2>(op, framework, rank);
}

/// A Reshape, a Permute and a Reshape.
std::optional<Steps> spread(const Call& call, Framework framework, bool)
{
    if (framework != Framework::Keras)
        return {};
    const Shuffle shuffle = shuffleOf(call.op, call.input());
    const Shape result = infer(call).front().shape;
    Ints order;
    for (const std::size_t place : shuffle.order)
        order.push_back(static_cast<std::int64_t>(place));
    return chainOf({reshaping("blocks", Shape(shuffle.from.begin() + 1, shuffle.from.end())), stepOf("order", reordering(order)),
                    reshaping("", Shape(result.begin() + 1, result.end()))});
}

/// What all three have alike.
Kind shuffle(Kind kind)
{
    kind.effect = Effect::Images;
    kind.picks = true;
    kind.inputAxes = inputAxes;
    kind.turned = turnedImages;
    kind.infer = infer;
    kind.difference = difference;
    kind.words = words;
    kind.spread = spread;
    return kind;
}

AtenForm form(std::string_view name, std::string_view className, std::string_view setting)
{
    return {name, className, {{"self", "input"}, {setting, setting}}};
}

}

Shuffle shuffleOf(const Op& op, const Value& input)
{
    const std::size_t rank = op.attributes.has("factor") ? 2 : input.shape.size() - 2;
    const Picture picture = pictureOf(op, input, rank);
    const std::int64_t factor = op.attributes.integer("factor", 1), groups = op.attributes.integer("groups", 1);
    const Letters letters = lettersOf(op, picture.channel == 1);
    const bool gathers = op.kind == pixelUnshuffle.id;
    const auto sizeOf = [&](char letter) -> std::int64_t {
        switch (letter) {
        case 'n':
            return input.shape[0];
        case 'y':
        case 'x':
            return factor;
        case 'g':
            return groups;
        case 'c':
            return gathers ? picture.channels : picture.channels / (factor * factor * groups);
        case 'h': // all positions where they stay as they are
            return op.attributes.has("factor") ? picture.sizes[0] / (gathers ? factor : 1) : elementCount(Shape(picture.sizes));
        default:
            return op.attributes.has("factor") ? picture.sizes[1] / (gathers ? factor : 1) : 1;
        }
    };
    Shuffle result;
    for (const char letter : letters.from)
        result.from.push_back(sizeOf(letter));
    for (const char letter : letters.to)
        result.order.push_back(letters.from.find(letter));
    return result;
}

const Kind pixelShuffle = shuffle({.id = "pixelshuffle",
                                   .torchClasses = {"PixelShuffle"},
                                   .kerasClasses = {},
                                   .aten = {form("pixel_shuffle", "PixelShuffle", "upscale_factor")},
                                   .fromTorch = shuffleFromTorch,
                                   .toTorch = shuffleToTorch});
const Kind pixelUnshuffle = shuffle({.id = "pixelunshuffle",
                                     .torchClasses = {"PixelUnshuffle"},
                                     .kerasClasses = {},
                                     .aten = {form("pixel_unshuffle", "PixelUnshuffle", "downscale_factor")},
                                     .fromTorch = unshuffleFromTorch,
                                     .toTorch = unshuffleToTorch});
const Kind channelShuffle =
    shuffle({.id = "channelshuffle",
             .torchClasses = {"ChannelShuffle"},
             .kerasClasses = {},
             .aten = {form("channel_shuffle", "ChannelShuffle", "groups"), form("native_channel_shuffle", "ChannelShuffle", "groups")},
             .fromTorch = channelsFromTorch,
             .toTorch = channelsToTorch});

}
