// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/kernels.h"
#include "core/engines/kernels/maps.h"

#include <algorithm>

namespace core::engines::kernels {

namespace {

constexpr std::int64_t scratchBudget = 1 << 20;

bool isPlainProduct(const Window& w, std::int64_t groups)
{
    return groups == 1 && w.kernelHeight == 1 && w.kernelWidth == 1 && w.strideY == 1 && w.strideX == 1 && w.top == 0 && w.bottom == 0 &&
           w.left == 0 && w.right == 0;
}

std::int64_t rowsAtOnce(std::int64_t rows, std::int64_t depth)
{
    return std::clamp(scratchBudget / std::max<std::int64_t>(depth, 1), std::int64_t{1}, std::max<std::int64_t>(rows, 1));
}

/// Copies the windows of consecutive output positions, one a row: (kh, kw, the group's channels), zeros for padding.
class Patches
{
public:
    Patches(const float* input, const Image& image, const Window& window, std::int64_t groups)
        : m_input(input), m_image(image), m_window(window), m_channels(image.channels / groups)
    {
    }

    std::int64_t depth() const { return m_window.kernelHeight * m_window.kernelWidth * m_channels; }

    void gather(std::int64_t group, std::int64_t first, std::int64_t rows, float* patches) const
    {
        const auto& w = m_window;
        for (std::int64_t row = first; row < first + rows; ++row, patches += depth()) {
            const std::int64_t x = row % w.outputWidth;
            const std::int64_t y = row / w.outputWidth % w.outputHeight;
            const std::int64_t n = row / w.outputWidth / w.outputHeight;
            const float* image = m_input + n * m_image.height * m_image.width * m_image.channels + group * m_channels;
            gatherOne(image, y * w.strideY - w.top, x * w.strideX - w.left, patches);
        }
    }

private:
    void gatherOne(const float* image, std::int64_t top, std::int64_t left, float* to) const
    {
        const auto& w = m_window;
        const std::int64_t line = w.kernelWidth * m_channels;
        for (std::int64_t ky = 0; ky < w.kernelHeight; ++ky, to += line) {
            const std::int64_t y = top + ky * w.dilationY;
            if (y < 0 || y >= m_image.height)
                std::fill_n(to, line, 0.0F);
            else if (w.dilationX == 1 && m_channels == m_image.channels)
                gatherRun(image + y * m_image.width * m_channels, left, to);
            else
                gatherSpread(image + y * m_image.width * m_image.channels, left, to);
        }
    }

    void gatherRun(const float* line, std::int64_t left, float* to) const
    {
        const std::int64_t begin = std::clamp<std::int64_t>(-left, 0, m_window.kernelWidth);
        const std::int64_t end = std::clamp<std::int64_t>(m_image.width - left, begin, m_window.kernelWidth);
        std::fill_n(to, begin * m_channels, 0.0F);
        std::copy_n(line + (left + begin) * m_channels, (end - begin) * m_channels, to + begin * m_channels);
        std::fill_n(to + end * m_channels, (m_window.kernelWidth - end) * m_channels, 0.0F);
    }

    void gatherSpread(const float* line, std::int64_t left, float* to) const
    {
        for (std::int64_t kx = 0; kx < m_window.kernelWidth; ++kx, to += m_channels) {
            const std::int64_t x = left + kx * m_window.dilationX;
            if (x < 0 || x >= m_image.width)
                std::fill_n(to, m_channels, 0.0F);
            else
                std::copy_n(line + x * m_image.channels, m_channels, to);
        }
    }

    const float* m_input;
    const Image& m_image;
    const Window& m_window;
    std::int64_t m_channels;
};

}

std::int64_t conv2dScratch(const Image& image, const Window& window, std::int64_t groups)
{
    if (isPlainProduct(window, groups))
        return 0;
    const std::int64_t depth = window.kernelHeight * window.kernelWidth * (image.channels / groups);
    return depth * rowsAtOnce(image.batch * window.outputHeight * window.outputWidth, depth);
}

void conv2d(const float* input, const Image& image, const Window& window, const float* kernel, const float* bias, std::int64_t filters,
            std::int64_t groups, float* scratch, float* output)
{
    const std::int64_t rows = image.batch * window.outputHeight * window.outputWidth;
    if (isPlainProduct(window, groups))
        return dense(input, rows, image.channels, kernel, bias, filters, output);
    const Patches patches(input, image, window, groups);
    const std::int64_t depth = patches.depth();
    const std::int64_t block = rowsAtOnce(rows, depth);
    const std::int64_t columns = filters / groups;
    for (std::int64_t group = 0; group < groups; ++group) {
        const std::int64_t column = group * columns;
        const ConstStrided weights(kernel + column, depth, columns, Eigen::OuterStride<>(filters));
        for (std::int64_t row = 0; row < rows; row += block) {
            const std::int64_t count = std::min(block, rows - row);
            patches.gather(group, row, count, scratch);
            multiply(ConstStrided(scratch, count, depth, Eigen::OuterStride<>(depth)), weights, bias ? bias + column : nullptr,
                     Strided(output + row * filters + column, count, columns, Eigen::OuterStride<>(filters)));
        }
    }
}

void dense(const float* input, std::int64_t rows, std::int64_t depth, const float* kernel, const float* bias, std::int64_t units,
           float* output)
{
    multiply(ConstStrided(input, rows, depth, Eigen::OuterStride<>(depth)), ConstStrided(kernel, depth, units, Eigen::OuterStride<>(units)),
             bias, Strided(output, rows, units, Eigen::OuterStride<>(units)));
}

}
