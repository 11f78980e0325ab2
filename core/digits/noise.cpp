// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/digits/noise.h"

#include "core/layers/kind.h"

#include <cmath>
#include <fmt/format.h>
#include <numbers>
#include <random>

namespace core::digits {

namespace {

std::vector<float> normals(std::uint32_t seed, std::size_t count)
{
    std::mt19937 generator(seed);
    const auto uniform = [&] { return (static_cast<double>(generator()) + 0.5) / 4294967296.0; };
    std::vector<float> values;
    values.reserve(count + 1);
    while (values.size() < count) {
        const double radius = std::sqrt(-2 * std::log(uniform())), angle = 2 * std::numbers::pi * uniform();
        values.push_back(static_cast<float>(radius * std::cos(angle)));
        values.push_back(static_cast<float>(radius * std::sin(angle)));
    }
    values.resize(count);
    return values;
}

std::vector<float> indices(std::uint32_t seed, std::size_t count, std::int64_t rows)
{
    std::mt19937 generator(seed);
    std::vector<float> values(count);
    for (float& value : values)
        value = static_cast<float>(static_cast<std::int64_t>(generator()) * rows / (std::int64_t{1} << 32));
    return values;
}

}

Tensor noise(std::uint32_t seed, const layers::Value& input, int samples, std::int64_t rows)
{
    Shape shape = input.shape;
    shape.front() = samples;
    constexpr std::int64_t limit = std::int64_t{1} << 30;
    if (elementCount(shape) > limit)
        throw Error("input-large").expected(fmt::format("an input of at most {} values", limit)).found(text(shape));
    const auto count = static_cast<std::size_t>(elementCount(shape));
    constexpr std::int64_t mostRows = std::int64_t{1} << 24; // what a float tells apart
    const std::vector<float> values = rows > 0 && rows <= mostRows ? indices(seed, count, rows) : normals(seed, count);
    const Axes drawn = layers::inLayoutOf(Framework::Torch, input.axes);
    return Tensor::fromFloats(layers::reordered(shape, input.axes, drawn), values, drawn).relabelled(shape, input.axes);
}

}
