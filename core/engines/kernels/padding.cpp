// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/kernels.h"

#include <algorithm>

namespace core::engines::kernels {

namespace {

/// The place in the image that stands at `place`, counted from its first one; -1 where it is a value of its own.
std::int64_t standsAt(std::int64_t place, std::int64_t size, Beyond beyond)
{
    if (place >= 0 && place < size)
        return place;
    switch (beyond) {
    case Beyond::Reflect:
        return place < 0 ? -place : 2 * size - 2 - place;
    case Beyond::Replicate:
        return place < 0 ? 0 : size - 1;
    case Beyond::Circular:
        return place < 0 ? place + size : place - size;
    case Beyond::Value:
        break;
    }
    return -1;
}

float* padLine(const float* line, std::int64_t width, std::int64_t left, std::int64_t right, std::int64_t channels, Beyond beyond,
               float value, float* output)
{
    for (std::int64_t x = -left; x < width + right; ++x) {
        const std::int64_t from = standsAt(x, width, beyond);
        output = !line || from < 0 ? std::fill_n(output, channels, value) : std::copy_n(line + from * channels, channels, output);
    }
    return output;
}

}

void pad(const float* input, const Image& image, const Extent& before, const Extent& after, Beyond beyond, float value, float* output)
{
    const Extent& size = image.size;
    const std::int64_t line = size.width * image.channels;
    for (std::int64_t n = 0; n < image.batch; ++n, input += size.depth * size.height * line)
        for (std::int64_t z = -before.depth; z < size.depth + after.depth; ++z) {
            const std::int64_t plane = standsAt(z, size.depth, beyond);
            for (std::int64_t y = -before.height; y < size.height + after.height; ++y) {
                const std::int64_t row = standsAt(y, size.height, beyond);
                const float* from = plane < 0 || row < 0 ? nullptr : input + (plane * size.height + row) * line;
                output = padLine(from, size.width, before.width, after.width, image.channels, beyond, value, output);
            }
        }
}

void turn(const float* input, const Around& matrices, float* output)
{
    const auto& [outer, size, inner] = matrices;
    for (std::int64_t o = 0; o < outer; ++o, input += size * inner)
        for (std::int64_t i = 0; i < inner; ++i)
            for (std::int64_t k = 0; k < size; ++k)
                *output++ = input[k * inner + i];
}

}
