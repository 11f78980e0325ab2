// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/digits/digits.h"
#include "core/layers/kind.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace core::digits {

namespace {

Error unknownSpec(std::string_view part)
{
    return Error("preprocess")
        .expected("unit, byte, symmetric or standard:MEAN:STD, and invert or center, in a comma list")
        .found(part.empty() ? "an empty part" : printable(part))
        .at("--preprocess");
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

double number(std::string_view text, std::string_view part)
{
    double value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        throw unknownSpec(part);
    return value;
}

void setStandard(Preprocess& preprocess, std::string_view part)
{
    const auto pieces = split(part, ':');
    preprocess.scale = Scale::Standard;
    if (pieces.size() == 1)
        return;
    if (pieces.size() != 3)
        throw unknownSpec(part);
    preprocess.mean = number(pieces[1], part);
    preprocess.deviation = number(pieces[2], part);
    if (preprocess.deviation <= 0)
        throw Error("preprocess").expected("a standard deviation above 0").found(std::string(pieces[2])).at("--preprocess");
}

}

Preprocess preprocessFromText(std::string_view spec)
{
    Preprocess preprocess;
    int scales = 0;
    for (const std::string_view part : split(spec, ',')) {
        const bool flag = part == "invert" || part == "center";
        scales += flag ? 0 : 1;
        if (part == "invert")
            preprocess.invert = true;
        else if (part == "center")
            preprocess.center = true;
        else if (part == "unit")
            preprocess.scale = Scale::Unit;
        else if (part == "byte")
            preprocess.scale = Scale::Byte;
        else if (part == "symmetric")
            preprocess.scale = Scale::Symmetric;
        else if (part == "standard" || part.starts_with("standard:"))
            setStandard(preprocess, part);
        else
            throw unknownSpec(part);
    }
    if (scales > 1)
        throw Error("preprocess").expected("one of unit, byte, symmetric, standard").found(printable(spec)).at("--preprocess");
    return preprocess;
}

std::string text(const Preprocess& preprocess)
{
    std::string result;
    switch (preprocess.scale) {
    case Scale::Unit:
        result = "unit";
        break;
    case Scale::Byte:
        result = "byte";
        break;
    case Scale::Symmetric:
        result = "symmetric";
        break;
    case Scale::Standard:
        result = fmt::format("standard:{}:{}", preprocess.mean, preprocess.deviation);
        break;
    }
    if (preprocess.center)
        result += ",center";
    if (preprocess.invert)
        result += ",invert";
    return result;
}

Preprocess guessPreprocess(const Model& model)
{
    Preprocess preprocess;
    for (const Layer& layer : model.layers) {
        if (layer.kind == "Rescaling" || layer.kind == "Normalization")
            preprocess.scale = Scale::Byte;
        if (layer.kind != "InputLayer")
            break;
    }
    return preprocess;
}

float scaled(float value, const Preprocess& preprocess)
{
    if (preprocess.invert)
        value = 255.0f - value;
    switch (preprocess.scale) {
    case Scale::Unit:
        return value / 255.0f;
    case Scale::Byte:
        return value;
    case Scale::Symmetric:
        return value / 127.5f - 1.0f;
    case Scale::Standard:
        return (value / 255.0f - static_cast<float>(preprocess.mean)) / static_cast<float>(preprocess.deviation);
    }
    return value;
}

bool takesDigit(const Shape& inputShape)
{
    Shape sizes;
    std::copy_if(inputShape.begin(), inputShape.end(), std::back_inserter(sizes), [](std::int64_t size) { return size != 1; });
    return sizes == Shape{28, 28} || sizes == Shape{784};
}

Tensor toInput(const Picture& picture, const Preprocess& preprocess, const layers::Value& input)
{
    const Shape sample(input.shape.begin() + (input.shape.empty() ? 0 : 1), input.shape.end());
    if (!takesDigit(sample))
        throw Error("input-shape").expected("a model input of 784 values, e.g. [1,28,28] or [28,28,1]").found(core::text(sample));
    const Picture& placed = preprocess.center ? centred(picture) : picture;
    std::array<float, 784> values;
    std::transform(placed.begin(), placed.end(), values.begin(), [&](float value) { return scaled(value, preprocess); });
    return Tensor::fromFloats(input.shape, values, input.axes);
}

}
