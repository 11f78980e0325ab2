// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/depthwise.h"
#include "core/engines/kernels/extent.h"
#include "core/engines/kernels/maps.h"

#include <algorithm>
#include <cstring>

namespace core::engines::kernels {

namespace {

constexpr std::int64_t scratchBudget = 1 << 20;

bool isOneEverywhere(const Extent& extent)
{
    return extent.depth == 1 && extent.height == 1 && extent.width == 1;
}

bool isPlainProduct(const Window& w, std::int64_t groups)
{
    const std::int64_t padding = w.before.depth + w.before.height + w.before.width + w.after.depth + w.after.height + w.after.width;
    return groups == 1 && isOneEverywhere(w.kernel) && isOneEverywhere(w.stride) && padding == 0;
}

bool isDepthwise(const Image& image, std::int64_t groups)
{
    return groups > 1 && groups == image.channels;
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

/// Copies the windows of consecutive output positions, one a row: (kd, kh, kw, the group's channels), zeros for padding.
class Patches
{
public:
    Patches(const float* input, const Image& image, const Window& window, std::int64_t groups)
        : m_input(input), m_image(image), m_window(window), m_channels(image.channels / groups)
    {
    }

    std::int64_t depth() const { return count(m_window.kernel) * m_channels; }

    void gather(std::int64_t group, std::int64_t first, std::int64_t rows, float* patches) const
    {
        const Extent& out = m_window.output;
        for (std::int64_t row = first; row < first + rows;) {
            const std::int64_t x = row % out.width, y = row / out.width % out.height, z = row / out.width / out.height % out.depth;
            const std::int64_t there = std::min(out.width - x, first + rows - row);
            const float* image = m_input + row / count(out) * count(m_image.size) * m_image.channels + group * m_channels;
            gatherLine(image, z, y, x, x + there, patches);
            patches += there * depth();
            row += there;
        }
    }

private:
    /// The windows at (z, y, begin) to (z, y, end), one line of each after the other.
    void gatherLine(const float* image, std::int64_t z, std::int64_t y, std::int64_t begin, std::int64_t end, float* patches) const
    {
        const auto& w = m_window;
        const std::int64_t length = w.kernel.width * m_channels;
        const bool isRun = w.dilation.width == 1 && m_channels == m_image.channels;
        const std::int64_t firstInside = isRun ? std::clamp((w.before.width + w.stride.width - 1) / w.stride.width, begin, end) : end;
        const std::int64_t room = m_image.size.width - w.kernel.width + w.before.width;
        const std::int64_t endInside = room < 0 ? firstInside : std::clamp(room / w.stride.width + 1, firstInside, end);
        for (std::int64_t k = 0; k < w.kernel.depth * w.kernel.height; ++k) {
            const std::int64_t plane = z * w.stride.depth - w.before.depth + k / w.kernel.height * w.dilation.depth;
            const std::int64_t line = y * w.stride.height - w.before.height + k % w.kernel.height * w.dilation.height;
            const bool isOutside = plane < 0 || plane >= m_image.size.depth || line < 0 || line >= m_image.size.height;
            const float* from = isOutside ? nullptr : image + (plane * m_image.size.height + line) * m_image.size.width * m_image.channels;
            float* to = patches + k * length;
            for (std::int64_t x = begin; x < firstInside; ++x, to += depth())
                gatherEdge(from, x * w.stride.width - w.before.width, to);
            for (std::int64_t x = firstInside; x < endInside; ++x, to += depth())
                from ? copy(from + (x * w.stride.width - w.before.width) * m_channels, length, to) : zero(length, to);
            for (std::int64_t x = endInside; x < end; ++x, to += depth())
                gatherEdge(from, x * w.stride.width - w.before.width, to);
        }
    }

    void gatherEdge(const float* line, std::int64_t left, float* to) const
    {
        for (std::int64_t kx = 0; kx < m_window.kernel.width; ++kx, to += m_channels) {
            const std::int64_t x = left + kx * m_window.dilation.width;
            if (!line || x < 0 || x >= m_image.size.width)
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

std::int64_t convolutionScratch(const Image& image, const Window& window, std::int64_t groups)
{
    if (isPlainProduct(window, groups) || isDepthwise(image, groups))
        return 0;
    const std::int64_t depth = count(window.kernel) * (image.channels / groups);
    return depth * rowsAtOnce(image.batch * count(window.output), depth);
}

void convolution(const float* input, const Image& image, const Window& window, const float* kernel, const float* bias, std::int64_t filters,
                 std::int64_t groups, float* scratch, float* output)
{
    const std::int64_t rows = image.batch * count(window.output);
    if (isPlainProduct(window, groups))
        return dense(input, rows, image.channels, kernel, bias, filters, output);
    if (isDepthwise(image, groups))
        return depthwise(input, image, window, kernel, bias, filters / groups, output);
    const Patches patches(input, image, window, groups);
    const std::int64_t depth = patches.depth();
    const std::int64_t block = rowsAtOnce(rows, depth);
    const std::int64_t columns = filters / groups;
    for (std::int64_t group = 0; group < groups; ++group) {
        const std::int64_t column = group * columns;
        const ConstStrided weights(kernel + column, depth, columns, Eigen::OuterStride<>(filters));
        for (std::int64_t row = 0; row < rows; row += block) {
            const std::int64_t there = std::min(block, rows - row);
            patches.gather(group, row, there, scratch);
            multiply(ConstStrided(scratch, there, depth, Eigen::OuterStride<>(depth)), weights, bias ? bias + column : nullptr,
                     Strided(output + row * filters + column, there, columns, Eigen::OuterStride<>(filters)));
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
