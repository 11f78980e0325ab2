// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/kernels.h"
#include "core/engines/kernels/maps.h"

#include <algorithm>
#include <cstring>

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

/// For runs so short that a call of memmove, which a plain loop would become, costs more than they do: four at a time, the last four
/// overlap.
inline void copy(const float* from, std::int64_t count, float* to)
{
    constexpr std::int64_t four = 4;
    if (count > 64 || count < four) {
        std::copy_n(from, count, to);
        return;
    }
    for (std::int64_t i = 0; i < count - four; i += four)
        std::memcpy(to + i, from + i, four * sizeof(float));
    std::memcpy(to + count - four, from + count - four, four * sizeof(float));
}

inline void zero(std::int64_t count, float* to)
{
    std::fill_n(to, count, 0.0F);
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
        const std::int64_t width = m_window.outputWidth, height = m_window.outputHeight;
        for (std::int64_t row = first; row < first + rows;) {
            const std::int64_t x = row % width, y = row / width % height;
            const std::int64_t count = std::min(width - x, first + rows - row);
            const float* image = m_input + row / width / height * m_image.height * m_image.width * m_image.channels + group * m_channels;
            gatherLine(image, y, x, x + count, patches);
            patches += count * depth();
            row += count;
        }
    }

private:
    /// The windows at (y, begin) to (y, end), one line of each after the other.
    void gatherLine(const float* image, std::int64_t y, std::int64_t begin, std::int64_t end, float* patches) const
    {
        const auto& w = m_window;
        const std::int64_t length = w.kernelWidth * m_channels;
        const bool isRun = w.dilationX == 1 && m_channels == m_image.channels;
        const std::int64_t firstInside = isRun ? std::clamp((w.left + w.strideX - 1) / w.strideX, begin, end) : end;
        const std::int64_t room = m_image.width - w.kernelWidth + w.left;
        const std::int64_t endInside = room < 0 ? firstInside : std::clamp(room / w.strideX + 1, firstInside, end);
        for (std::int64_t ky = 0; ky < w.kernelHeight; ++ky) {
            const std::int64_t line = y * w.strideY - w.top + ky * w.dilationY;
            const bool isOutside = line < 0 || line >= m_image.height;
            const float* from = isOutside ? nullptr : image + line * m_image.width * m_image.channels;
            float* to = patches + ky * length;
            for (std::int64_t x = begin; x < firstInside; ++x, to += depth())
                gatherEdge(from, x * w.strideX - w.left, to);
            for (std::int64_t x = firstInside; x < endInside; ++x, to += depth())
                from ? copy(from + (x * w.strideX - w.left) * m_channels, length, to) : zero(length, to);
            for (std::int64_t x = endInside; x < end; ++x, to += depth())
                gatherEdge(from, x * w.strideX - w.left, to);
        }
    }

    void gatherEdge(const float* line, std::int64_t left, float* to) const
    {
        for (std::int64_t kx = 0; kx < m_window.kernelWidth; ++kx, to += m_channels) {
            const std::int64_t x = left + kx * m_window.dilationX;
            if (!line || x < 0 || x >= m_image.width)
                zero(m_channels, to);
            else
                copy(line + x * m_image.channels, m_channels, to);
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
