// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/kernels.h"

#include <algorithm>
#include <limits>

namespace core::engines::kernels {

namespace {

/// Calls visit(window's first row and column, output pixel) for every output position of one image.
template <typename Visit>
void forEachWindow(const Window& w, Visit visit)
{
    for (std::int64_t y = 0; y < w.outputHeight; ++y)
        for (std::int64_t x = 0; x < w.outputWidth; ++x)
            visit(y * w.strideY - w.top, x * w.strideX - w.left, y * w.outputWidth + x);
}

/// Calls visit(pixel) for every pixel of the image that the window at (top, left) covers.
template <typename Visit>
void forEachPixel(const Image& image, const Window& w, std::int64_t top, std::int64_t left, Visit visit)
{
    for (std::int64_t ky = 0; ky < w.kernelHeight; ++ky) {
        const std::int64_t y = top + ky * w.dilationY;
        if (y < 0 || y >= image.height)
            continue;
        for (std::int64_t kx = 0; kx < w.kernelWidth; ++kx) {
            const std::int64_t x = left + kx * w.dilationX;
            if (x >= 0 && x < image.width)
                visit(y * image.width + x);
        }
    }
}

std::int64_t overlap(std::int64_t start, std::int64_t size, std::int64_t low, std::int64_t high)
{
    return std::max<std::int64_t>(std::min(start + size, high) - std::max(start, low), 0);
}

std::int64_t averageDivisor(const Image& image, const Window& w, bool countPad, std::int64_t top, std::int64_t left)
{
    if (countPad)
        return overlap(top, w.kernelHeight, -w.top, image.height + w.bottom) * overlap(left, w.kernelWidth, -w.left, image.width + w.right);
    return overlap(top, w.kernelHeight, 0, image.height) * overlap(left, w.kernelWidth, 0, image.width);
}

void addTo(float* sum, const float* values, std::int64_t count)
{
    for (std::int64_t c = 0; c < count; ++c)
        sum[c] += values[c];
}

}

void averagePool2d(const float* input, const Image& image, const Window& window, bool countPad, std::int64_t divisor, float* output)
{
    const std::int64_t channels = image.channels;
    for (std::int64_t n = 0; n < image.batch; ++n) {
        forEachWindow(window, [&](std::int64_t top, std::int64_t left, std::int64_t position) {
            float* sum = output + position * channels;
            std::fill_n(sum, channels, 0.0F);
            forEachPixel(image, window, top, left, [&](std::int64_t pixel) { addTo(sum, input + pixel * channels, channels); });
            const std::int64_t by = divisor ? divisor : std::max<std::int64_t>(averageDivisor(image, window, countPad, top, left), 1);
            for (std::int64_t c = 0; c < channels; ++c)
                sum[c] /= static_cast<float>(by);
        });
        input += image.height * image.width * channels;
        output += window.outputHeight * window.outputWidth * channels;
    }
}

void maxPool2d(const float* input, const Image& image, const Window& window, float* output)
{
    const std::int64_t channels = image.channels;
    for (std::int64_t n = 0; n < image.batch; ++n) {
        forEachWindow(window, [&](std::int64_t top, std::int64_t left, std::int64_t position) {
            float* best = output + position * channels;
            std::fill_n(best, channels, -std::numeric_limits<float>::infinity());
            forEachPixel(image, window, top, left, [&](std::int64_t pixel) {
                const float* values = input + pixel * channels;
                for (std::int64_t c = 0; c < channels; ++c)
                    best[c] = values[c] <= best[c] || best[c] != best[c] ? best[c] : values[c];
            });
        });
        input += image.height * image.width * channels;
        output += window.outputHeight * window.outputWidth * channels;
    }
}

void globalAveragePool2d(const float* input, const Image& image, float* output)
{
    const std::int64_t pixels = image.height * image.width;
    for (std::int64_t n = 0; n < image.batch; ++n, output += image.channels) {
        std::fill_n(output, image.channels, 0.0F);
        for (std::int64_t pixel = 0; pixel < pixels; ++pixel, input += image.channels)
            addTo(output, input, image.channels);
        for (std::int64_t c = 0; c < image.channels; ++c)
            output[c] /= static_cast<float>(pixels);
    }
}

void zeroPad2d(const float* input, const Image& image, std::int64_t top, std::int64_t bottom, std::int64_t left, std::int64_t right,
               float* output)
{
    const std::int64_t line = image.width * image.channels;
    const std::int64_t paddedLine = (left + image.width + right) * image.channels;
    for (std::int64_t n = 0; n < image.batch; ++n) {
        output = std::fill_n(output, top * paddedLine, 0.0F);
        for (std::int64_t y = 0; y < image.height; ++y, input += line) {
            output = std::fill_n(output, left * image.channels, 0.0F);
            output = std::copy_n(input, line, output);
            output = std::fill_n(output, right * image.channels, 0.0F);
        }
        output = std::fill_n(output, bottom * paddedLine, 0.0F);
    }
}

}
