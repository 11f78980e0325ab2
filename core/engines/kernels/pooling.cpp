// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/extent.h"

#include <algorithm>
#include <limits>

namespace core::engines::kernels {

namespace {

/// A window's first place along each dimension, which may lie outside.
struct Start
{
    std::int64_t z, y, x;
};

/// Calls visit(start, output position) for every output position of one image.
template <typename Visit>
void forEachWindow(const Window& w, Visit visit)
{
    std::int64_t position = 0;
    for (std::int64_t z = 0; z < w.output.depth; ++z)
        for (std::int64_t y = 0; y < w.output.height; ++y)
            for (std::int64_t x = 0; x < w.output.width; ++x)
                visit(
                    Start{z * w.stride.depth - w.before.depth, y * w.stride.height - w.before.height, x * w.stride.width - w.before.width},
                    position++);
}

/// Calls visit(pixel) for every pixel of the image that the window covers.
template <typename Visit>
void forEachPixel(const Extent& size, const Window& w, const Start& start, Visit visit)
{
    for (std::int64_t kz = 0; kz < w.kernel.depth; ++kz) {
        const std::int64_t z = start.z + kz * w.dilation.depth;
        if (z < 0 || z >= size.depth)
            continue;
        for (std::int64_t ky = 0; ky < w.kernel.height; ++ky) {
            const std::int64_t y = start.y + ky * w.dilation.height;
            if (y < 0 || y >= size.height)
                continue;
            for (std::int64_t kx = 0; kx < w.kernel.width; ++kx) {
                const std::int64_t x = start.x + kx * w.dilation.width;
                if (x >= 0 && x < size.width)
                    visit((z * size.height + y) * size.width + x);
            }
        }
    }
}

std::int64_t overlap(std::int64_t start, std::int64_t size, std::int64_t low, std::int64_t high)
{
    return std::max<std::int64_t>(std::min(start + size, high) - std::max(start, low), 0);
}

std::int64_t averageDivisor(const Extent& size, const Window& w, bool countPad, const Start& start)
{
    const Extent before = countPad ? w.before : Extent{0, 0, 0}, after = countPad ? w.after : Extent{0, 0, 0};
    return overlap(start.z, w.kernel.depth, -before.depth, size.depth + after.depth) *
           overlap(start.y, w.kernel.height, -before.height, size.height + after.height) *
           overlap(start.x, w.kernel.width, -before.width, size.width + after.width);
}

void addTo(float* sum, const float* values, std::int64_t channels)
{
    for (std::int64_t c = 0; c < channels; ++c)
        sum[c] += values[c];
}

/// A NaN wins.
void raiseTo(float* best, const float* values, std::int64_t channels)
{
    for (std::int64_t c = 0; c < channels; ++c)
        best[c] = values[c] <= best[c] || best[c] != best[c] ? best[c] : values[c];
}

}

void averagePool(const float* input, const Image& image, const Window& window, bool countPad, std::int64_t divisor, float* output)
{
    const std::int64_t channels = image.channels;
    for (std::int64_t n = 0; n < image.batch; ++n) {
        forEachWindow(window, [&](const Start& start, std::int64_t position) {
            float* sum = output + position * channels;
            std::fill_n(sum, channels, 0.0F);
            forEachPixel(image.size, window, start, [&](std::int64_t pixel) { addTo(sum, input + pixel * channels, channels); });
            const std::int64_t by = divisor ? divisor : std::max<std::int64_t>(averageDivisor(image.size, window, countPad, start), 1);
            for (std::int64_t c = 0; c < channels; ++c)
                sum[c] /= static_cast<float>(by);
        });
        input += count(image.size) * channels;
        output += count(window.output) * channels;
    }
}

void maxPool(const float* input, const Image& image, const Window& window, float* output)
{
    const std::int64_t channels = image.channels;
    for (std::int64_t n = 0; n < image.batch; ++n) {
        forEachWindow(window, [&](const Start& start, std::int64_t position) {
            float* best = output + position * channels;
            std::fill_n(best, channels, -std::numeric_limits<float>::infinity());
            forEachPixel(image.size, window, start, [&](std::int64_t pixel) { raiseTo(best, input + pixel * channels, channels); });
        });
        input += count(image.size) * channels;
        output += count(window.output) * channels;
    }
}

void globalAveragePool(const float* input, const Image& image, float* output)
{
    const std::int64_t pixels = count(image.size);
    for (std::int64_t n = 0; n < image.batch; ++n, output += image.channels) {
        std::fill_n(output, image.channels, 0.0F);
        for (std::int64_t pixel = 0; pixel < pixels; ++pixel, input += image.channels)
            addTo(output, input, image.channels);
        for (std::int64_t c = 0; c < image.channels; ++c)
            output[c] /= static_cast<float>(pixels);
    }
}

void globalMaxPool(const float* input, const Image& image, float* output)
{
    const std::int64_t pixels = count(image.size);
    for (std::int64_t n = 0; n < image.batch; ++n, output += image.channels) {
        std::fill_n(output, image.channels, -std::numeric_limits<float>::infinity());
        for (std::int64_t pixel = 0; pixel < pixels; ++pixel, input += image.channels)
            raiseTo(output, input, image.channels);
    }
}

}
