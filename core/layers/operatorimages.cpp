// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of images whose channels lie last, as tf.pad, tf.image.resize and tf.nn.depth_to_space have their arguments.
#include "core/layers/operatorarguments.h"
#include "core/layers/spec.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::layers {

namespace {

std::string textOf(const Arguments& arguments, const std::string& name)
{
    const Json* value = arguments.find(name);
    std::string text = value && value->is_string() ? value->get<std::string>() : std::string();
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

bool isPair(const Json& json)
{
    return isIntegerList(json) && json.size() == 2;
}

bool isZeros(const Json& pair)
{
    return pair[0] == 0 && pair[1] == 0;
}

void requireLast(Arguments& arguments)
{
    const std::string format = textOf(arguments, "data_format");
    if (!format.empty() && format != "nhwc" && format != "channels_last")
        unsupported("data_format " + printable(format), "channels_last");
    arguments.values.erase("data_format");
}

}

void aroundImages(Arguments& arguments)
{
    constexpr std::size_t least = 3, most = 5;
    const Json pairs = arguments.find("padding") ? *arguments.find("padding") : Json();
    const bool isTold =
        pairs.is_array() && pairs.size() >= least && pairs.size() <= most && std::all_of(pairs.begin(), pairs.end(), isPair);
    if (!isTold || !isZeros(pairs.front()) || !isZeros(pairs.back()))
        unsupported(fmt::format("padding {}", printable(dumpJson(pairs, -1), 60)), "padding between the samples and the channels");
    const std::string mode = textOf(arguments, "mode");
    if (mode != "constant" && mode != "reflect")
        unsupported("padding by " + printable(mode), "constant or reflect");
    Json padding = Json::array();
    for (std::size_t d = pairs.size() - 2; d > 0; --d)
        for (const Json& side : pairs[d])
            padding.push_back(side);
    arguments.className = fmt::format("{}Pad{}d", mode == "reflect" ? "Reflection" : "Constant", pairs.size() - 2);
    arguments.values["padding"] = std::move(padding);
    arguments.values.erase("mode");
}

namespace {

void frame(Arguments& arguments, int sign)
{
    Json padding = Json::array();
    for (const char* side : {"left", "right", "top", "bottom"}) {
        const Json* told = arguments.find(side);
        if (!told || !told->is_number_integer() || *told < 0)
            unsupported("a frame up to a size", "a frame of which each side is told");
        padding.push_back(sign * told->get<std::int64_t>());
        arguments.values.erase(side);
    }
    requireLast(arguments);
    arguments.values["padding"] = std::move(padding);
}

}

void framed(Arguments& arguments)
{
    frame(arguments, 1);
}

void unframed(Arguments& arguments)
{
    frame(arguments, -1);
}

void stretched(Arguments& arguments)
{
    const std::string mode = textOf(arguments, "mode");
    if (mode != "nearest" && mode != "bilinear")
        unsupported("interpolation " + printable(mode), "nearest or bilinear");
    if (const Json* size = arguments.find("size"); !size || !isPair(*size))
        unsupported("a size that is computed", "a height and a width");
    requireLast(arguments);
    arguments.values["mode"] = mode == "nearest" ? "nearest-exact" : mode;
}

void inBlocks(Arguments& arguments)
{
    requireLast(arguments);
    arguments.values["blocks_first"] = true;
}

}
