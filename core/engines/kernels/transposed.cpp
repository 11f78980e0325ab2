// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/extent.h"
#include "core/engines/kernels/maps.h"

#include <algorithm>

namespace core::engines::kernels {

namespace {

std::int64_t linesAtOnce(const Image& image, std::int64_t products)
{
    constexpr std::int64_t budget = 1 << 20;
    const std::int64_t line = std::max<std::int64_t>(image.size.width * products, 1);
    return std::clamp(budget / line, std::int64_t{1}, std::max<std::int64_t>(image.size.depth * image.size.height, 1));
}

/// Adds what one pixel makes, (kd, kh, kw, filters), to where it lies in the result.
void scatter(const float* made, const Window& w, const Extent& start, std::int64_t filters, float* output)
{
    for (std::int64_t kz = 0; kz < w.kernel.depth; ++kz)
        for (std::int64_t ky = 0; ky < w.kernel.height; ++ky)
            for (std::int64_t kx = 0; kx < w.kernel.width; ++kx, made += filters) {
                const std::int64_t z = start.depth + kz * w.dilation.depth, y = start.height + ky * w.dilation.height;
                const std::int64_t x = start.width + kx * w.dilation.width;
                if (z < 0 || y < 0 || x < 0 || z >= w.output.depth || y >= w.output.height || x >= w.output.width)
                    continue;
                float* to = output + ((z * w.output.height + y) * w.output.width + x) * filters;
                for (std::int64_t f = 0; f < filters; ++f)
                    to[f] += made[f];
            }
}

}

std::int64_t transposedConvolutionScratch(const Image& image, const Window& window, std::int64_t filters)
{
    const std::int64_t products = count(window.kernel) * filters;
    return linesAtOnce(image, products) * image.size.width * products;
}

void transposedConvolution(const float* input, const Image& image, const Window& window, const float* kernel, const float* bias,
                           std::int64_t filters, float* scratch, float* output)
{
    const std::int64_t products = count(window.kernel) * filters, channels = image.channels, width = image.size.width;
    const std::int64_t lines = image.size.depth * image.size.height, block = linesAtOnce(image, products);
    const ConstStrided weights(kernel, products, channels, Eigen::OuterStride<>(channels));
    for (std::int64_t n = 0; n < image.batch; ++n) {
        for (std::int64_t pixel = 0; pixel < count(window.output); ++pixel)
            for (std::int64_t f = 0; f < filters; ++f)
                output[pixel * filters + f] = bias ? bias[f] : 0.0F;
        for (std::int64_t first = 0; first < lines; first += block) {
            const std::int64_t there = std::min(block, lines - first), rows = there * width;
            Strided(scratch, rows, products, Eigen::OuterStride<>(products)).noalias() =
                ConstStrided(input + first * width * channels, rows, channels, Eigen::OuterStride<>(channels)) * weights.transpose();
            for (std::int64_t row = 0; row < rows; ++row) {
                const std::int64_t line = first + row / width;
                const Extent start{line / image.size.height * window.stride.depth - window.before.depth,
                                   line % image.size.height * window.stride.height - window.before.height,
                                   row % width * window.stride.width - window.before.width};
                scatter(scratch + row * products, window, start, filters, output);
            }
        }
        input += lines * width * channels;
        output += count(window.output) * filters;
    }
}

}
