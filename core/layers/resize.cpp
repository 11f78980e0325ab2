// SPDX-License-Identifier: GPL-3.0-or-later
// resize: mode "nearest" | "nearest-exact" | "linear" | "cubic" | "area"; align (the middles of the corners lie on each other); sizes, or
// factors, one for all dimensions or one for each; by_sizes: the step is that of the sizes although factors tell them; rank where it is
// told.
#include "core/layers/imagekinds.h"
#include "core/layers/resampling.h"
#include "core/layers/spec.h"
#include "core/layers/turned.h"
#include "core/layers/window.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace core::layers {

namespace {

struct Mode
{
    std::string_view torchName, name;
    std::int64_t rank; ///< 0: any
};
constexpr std::array<Mode, 7> modes{Mode{"nearest", "nearest", 0},  Mode{"nearest-exact", "nearest-exact", 0},
                                    Mode{"linear", "linear", 1},    Mode{"bilinear", "linear", 2},
                                    Mode{"trilinear", "linear", 3}, Mode{"bicubic", "cubic", 2},
                                    Mode{"area", "area", 0}};

bool isWhole(double number)
{
    return std::trunc(number) == number;
}

/// Whether PyTorch's "nearest" repeats each element as often as the factor says: its steps are rounded floats, which from 41 on
/// (tried: 41, 47, 55 ...) now and then take the element before.
bool repeats(const Reals& factors)
{
    constexpr double largest = 40;
    return std::all_of(factors.begin(), factors.end(), [](double factor) { return isWhole(factor) && factor <= largest; });
}

/// The same settings are the same attributes, whichever file tells them: a list is as long as there are dimensions where they are known.
Attributes canonical(const Mode& mode, bool align, Ints sizes, Reals factors, bool bySizes)
{
    const std::size_t given = std::max(sizes.size(), factors.size());
    if (sizes.empty() == factors.empty() || (mode.rank != 0 && given != 1 && given != static_cast<std::size_t>(mode.rank)))
        unsupported(fmt::format("{} sizes and {} factors", sizes.size(), factors.size()), "one of the two, for each dimension");
    if (std::any_of(factors.begin(), factors.end(), [](double factor) { return !(factor > 0) || !std::isfinite(factor); }))
        unsupported(fmt::format("a factor of {}", fmt::join(factors, ", ")), "factors above 0");
    const std::int64_t rank = mode.rank == 0 && given > 1 ? static_cast<std::int64_t>(given) : mode.rank;
    const auto extend = [&](auto& list) {
        if (list.size() == 1 && rank > 1)
            list.resize(static_cast<std::size_t>(rank), list.front());
    };
    extend(sizes);
    extend(factors);
    Attributes result{{"mode", std::string(mode.name)}, {"align", align}};
    if (rank != 0)
        result.set("rank", rank);
    if (!sizes.empty())
        result.set("sizes", sizes);
    else
        result.set("factors", factors);
    if (bySizes && !std::all_of(factors.begin(), factors.end(), isWhole))
        result.set("by_sizes", true);
    return result;
}

Attributes fromTorch(const TorchSpec& spec)
{
    for (const char* scale : {"scales", "scales_d", "scales_h", "scales_w"})
        if (spec.raw.has(scale))
            unsupported("a size and a scale at once", "one of the two");
    const std::string name = spec.raw.string("mode", "nearest");
    const auto mode = std::find_if(modes.begin(), modes.end(), [&](const Mode& known) { return known.torchName == name; });
    if (mode == modes.end())
        unsupported("mode " + printable(name), "nearest, nearest-exact, linear, bilinear, trilinear, bicubic or area");
    if (spec.raw.boolean("antialias", false))
        unsupported("antialias", "interpolation without it");
    const bool isInterpolated = mode->name == "linear" || mode->name == "cubic";
    return canonical(*mode, isInterpolated && spec.raw.boolean("align_corners", false), spec.raw.integers("size", Ints{}),
                     spec.raw.reals("scale_factor", Reals{}), mode->name == "area" || spec.raw.boolean("recompute_scale_factor", false));
}

/// "upsample_bilinear2d": the operator's name tells the mode and the dimensions.
void fromAten(std::string_view name, TorchSpec& spec)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> names{{{"nearest_exact", "nearest-exact"},
                                                                                  {"nearest", "nearest"},
                                                                                  {"trilinear", "trilinear"},
                                                                                  {"bilinear", "bilinear"},
                                                                                  {"linear", "linear"},
                                                                                  {"bicubic", "bicubic"}}};
    for (const auto& [part, mode] : names)
        if (name.find(part) != name.npos) {
            spec.raw.set("mode", std::string(mode));
            return;
        }
}

Ints sizesIn(const Json& config)
{
    return {kerasInt(config, "height", 0), kerasInt(config, "width", 0)};
}

Attributes ofKeras(const KerasSpec& spec)
{
    const std::string name = kerasText(spec.config, "interpolation", spec.className == "Resizing" ? "bilinear" : "nearest");
    if (name != "nearest" && name != "bilinear")
        unsupported("interpolation " + printable(name), "nearest or bilinear");
    const std::size_t rank = spec.className.ends_with("1D") ? 1 : spec.className.ends_with("3D") ? 3 : 2;
    if (spec.className != "Resizing") {
        const Ints size = kerasInts(spec.config, "size", rank, Ints(rank, 2));
        const Reals factors(size.begin(), size.end());
        const std::string_view nearest = repeats(factors) ? "nearest" : "nearest-exact";
        return canonical({"", name == "nearest" ? nearest : "linear", static_cast<std::int64_t>(rank)}, false, {}, factors, false);
    }
    for (const char* setting : {"crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias"})
        if (kerasBool(spec.config, setting, false))
            unsupported(setting, "a picture that is stretched as a whole");
    return canonical({"", name == "nearest" ? "nearest-exact" : "linear", 2}, false, sizesIn(spec.config), {}, false);
}

Attributes fromKeras(const KerasSpec& spec)
{
    Attributes result = ofKeras(spec);
    setKerasLayout(result, spec.config);
    return result;
}

[[noreturn]] void noTwin(const Op& op, std::string_view expected)
{
    throw Error("layer-no-twin").expected(expected).found("mode " + printable(op.attributes.string("mode"))).at(printable(op.name));
}

Json toKeras(const Op& op)
{
    const std::string mode = op.attributes.string("mode");
    const std::int64_t rank = op.attributes.integer("rank", 0);
    const Reals factors = op.attributes.reals("factors", Reals{});
    const Ints sizes = op.attributes.integers("sizes", Ints{});
    const bool isFree = !op.attributes.boolean("align", false);
    if (!factors.empty() && std::all_of(factors.begin(), factors.end(), isWhole) && isFree &&
        ((mode == (repeats(factors) ? "nearest" : "nearest-exact") && rank > 0) || (mode == "linear" && rank == 2))) {
        Ints size;
        for (const double factor : factors)
            size.push_back(static_cast<std::int64_t>(factor));
        if (rank == 1)
            return {{"size", size.front()}};
        Json config{{"size", size}, {"data_format", kerasLayout(op)}};
        if (rank == 2)
            config["interpolation"] = mode == "linear" ? "bilinear" : "nearest";
        return config;
    }
    if (sizes.size() != 2 || !isFree || (mode != "nearest-exact" && mode != "linear"))
        noTwin(op, "whole factors, or sizes of a picture, nearest or bilinear with the edges on each other");
    Json config{{"height", sizes[0]},
                {"width", sizes[1]},
                {"interpolation", mode == "linear" ? "bilinear" : "nearest"},
                {"crop_to_aspect_ratio", false}};
    if (op.attributes.boolean("channels_first", false)) // which Keras 2 cannot be told
        config["data_format"] = kerasLayout(op);
    return config;
}

TorchSpec toTorch(const Op& op)
{
    const std::int64_t rank = op.attributes.integer("rank", 0);
    const std::string name = op.attributes.string("mode");
    const auto mode = std::find_if(modes.begin(), modes.end(),
                                   [&](const Mode& known) { return known.name == name && (known.rank == 0 || known.rank == rank); });
    if (mode == modes.end())
        noTwin(op, "a mode of as many dimensions");
    Attributes raw{{"mode", std::string(mode->torchName)}};
    if (op.attributes.has("sizes"))
        raw.set("size", op.attributes.integers("sizes"));
    else
        raw.set("scale_factor", op.attributes.reals("factors"));
    if (mode->name == "linear" || mode->name == "cubic")
        raw.set("align_corners", op.attributes.boolean("align", false));
    if (op.attributes.boolean("by_sizes", false))
        raw.set("recompute_scale_factor", true);
    return {"Upsample", raw, {}};
}

std::string_view inputAxes(const Op& op, Framework framework, std::size_t rank)
{
    const auto own = static_cast<std::size_t>(op.attributes.integer("rank", 0));
    if (own != 0 && rank != own + 2)
        return "";
    return rank == 3   ? imageAxes<1>(op, framework, rank)
           : rank == 5 ? imageAxes<3>(op, framework, rank)
                       : imageAxes<2>(op, framework, rank);
}

Picture pictureIn(const Call& call, const Value& input)
{
    const auto own = static_cast<std::size_t>(call.op.attributes.integer("rank", 0));
    return pictureOf(call.op, input, own != 0 || input.shape.size() < 3 ? std::max<std::size_t>(own, 1) : input.shape.size() - 2);
}

std::vector<Value> infer(const Call& call)
{
    const Picture picture = pictureIn(call, call.input());
    return {resized(call.input(), picture, resampledSizes(call.op, picture.sizes))};
}

bool isSame(const std::vector<Mixing>& a, const std::vector<Mixing>& b)
{
    constexpr float rounding = 1e-6F;
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Mixing& one, const Mixing& other) {
        return one.first == other.first && one.from == other.from &&
               std::equal(one.weights.begin(), one.weights.end(), other.weights.begin(),
                          [](float x, float y) { return std::abs(x - y) <= rounding; });
    });
}

std::string asked(const Op& op)
{
    const std::string mode = op.attributes.string("mode") + (op.attributes.boolean("align", false) ? " with aligned corners" : "");
    return op.attributes.has("sizes") ? fmt::format("{} to {}", mode, fmt::join(op.attributes.integers("sizes"), "x"))
                                      : fmt::format("{} by {}", mode, fmt::join(op.attributes.reals("factors"), "x"));
}

/// By what they do where the inputs are known: nearest and nearest-exact are the same by whole factors, a factor the same as its size.
std::string difference(const Call& a, const Call& b)
{
    const Value *inputA = a.find(), *inputB = b.find();
    if (inputA && inputB) {
        const Ints sizesA = pictureIn(a, *inputA).sizes, sizesB = pictureIn(b, *inputB).sizes;
        return isSame(resamplingOf(a.op, sizesA), resamplingOf(b.op, sizesB)) ? "" : fmt::format("{} against {}", asked(a.op), asked(b.op));
    }
    const Attributes &own = a.op.attributes, &other = b.op.attributes;
    const auto modeOf = [](const Attributes& settings) {
        const Reals factors = settings.reals("factors", Reals{});
        return !factors.empty() && repeats(factors) && settings.string("mode") == "nearest-exact" ? "nearest" : settings.string("mode");
    };
    const auto listOf = [](const Attributes& settings) {
        Reals list = settings.reals(settings.has("sizes") ? "sizes" : "factors");
        if (std::all_of(list.begin(), list.end(), [&](double number) { return number == list.front(); }))
            list.resize(1);
        return list;
    };
    if (own.has("sizes") == other.has("sizes") && listOf(own) != listOf(other))
        return fmt::format("{} against {}", asked(a.op), asked(b.op));
    return firstOf({differs("mode", modeOf(own), modeOf(other)),
                    differs("aligned corners", own.boolean("align", false), other.boolean("align", false))});
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    std::vector<std::string> result;
    if (op.attributes.has("sizes"))
        result.push_back("to " + timesWord(op.attributes.integers("sizes")));
    else
        result.push_back(fmt::format("×{}", fmt::join(op.attributes.reals("factors"), "×")));
    result.push_back(op.attributes.string("mode"));
    if (op.attributes.boolean("align", false))
        result.emplace_back("corners");
    return result;
}

AtenForm nearest(std::string_view name)
{
    return {name, "Upsample", {{"input", "input"}, {"output_size", "size"}, {"scale_factors", "scale_factor"}}};
}

AtenForm interpolated(std::string_view name)
{
    return {name,
            "Upsample",
            {{"input", "input"}, {"output_size", "size"}, {"align_corners", "align_corners"}, {"scale_factors", "scale_factor"}}};
}

}

const Kind resize{.id = "resize",
                  .torchClasses = {"Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d"},
                  .kerasClasses = {"UpSampling2D", "UpSampling1D", "UpSampling3D", "Resizing"},
                  .aten = {nearest("upsample_nearest1d"), nearest("upsample_nearest2d"), nearest("upsample_nearest3d"),
                           nearest("_upsample_nearest_exact1d"), nearest("_upsample_nearest_exact2d"), nearest("_upsample_nearest_exact3d"),
                           interpolated("upsample_linear1d"), interpolated("upsample_bilinear2d"), interpolated("upsample_trilinear3d"),
                           interpolated("upsample_bicubic2d")},
                  .effect = Effect::Images,
                  .fromTorch = fromTorch,
                  .fromKeras = fromKeras,
                  .toTorch = toTorch,
                  .toKeras = toKeras,
                  .fromAten = fromAten,
                  .inputAxes = inputAxes,
                  .infer = infer,
                  .difference = difference,
                  .words = words,
                  .turned = turnedImages};

}
