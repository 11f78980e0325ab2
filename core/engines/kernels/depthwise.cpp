// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kernels/depthwise.h"
#include "core/engines/kernels/extent.h"

#include <algorithm>

namespace core::engines::kernels {

namespace {

/// Places of a kernel along one dimension that lie inside the image.
struct Reach
{
    std::int64_t begin, end;
};

Reach reached(std::int64_t start, std::int64_t kernel, std::int64_t dilation, std::int64_t size)
{
    const std::int64_t begin = start >= 0 ? 0 : (-start + dilation - 1) / dilation;
    const std::int64_t room = size - 1 - start;
    const std::int64_t end = room < 0 ? 0 : std::min(room / dilation + 1, kernel);
    return {std::min(begin, kernel), std::max(end, std::min(begin, kernel))};
}

/// One output position: where its window begins, and which of its places are inside.
struct DepthwisePlace
{
    std::int64_t first; ///< of the window's first pixel, which may lie outside
    Reach z, y, x;
};

class DepthwiseLoop
{
public:
    DepthwiseLoop(const float* input, const Image& image, const Window& window, const float* kernel, const float* bias,
                  std::int64_t multiplier)
        : m_input(input), m_kernel(kernel), m_bias(bias), m_window(window.kernel), m_channels(image.channels), m_multiplier(multiplier),
          m_pixel(window.dilation.width * image.channels), m_line(window.dilation.height * image.size.width * image.channels),
          m_plane(window.dilation.depth * image.size.height * image.size.width * image.channels)
    {
    }

    void at(const DepthwisePlace& place, float* output) const
    {
        constexpr std::int64_t wide = 32, narrow = 8;
        std::int64_t c = 0;
        if (m_multiplier == 1) {
            for (; c + wide <= m_channels; c += wide)
                block<wide>(place, c, output);
            for (; c + narrow <= m_channels; c += narrow)
                block<narrow>(place, c, output);
        }
        for (; c < m_channels; ++c)
            single(place, c, output);
    }

private:
    template <typename Visit>
    void forEachInside(const DepthwisePlace& place, Visit visit) const
    {
        for (std::int64_t z = place.z.begin; z < place.z.end; ++z)
            for (std::int64_t y = place.y.begin; y < place.y.end; ++y) {
                const std::int64_t line = place.first + z * m_plane + y * m_line;
                const float* weights = m_kernel + (z * m_window.height + y) * m_window.width * m_channels * m_multiplier;
                for (std::int64_t x = place.x.begin; x < place.x.end; ++x)
                    visit(m_input + line + x * m_pixel, weights + x * m_channels * m_multiplier);
            }
    }

    /// Channels whose sums stay in registers.
    template <std::size_t Count>
    void block(const DepthwisePlace& place, std::int64_t c, float* output) const
    {
        float sums[Count];
        constexpr auto length = static_cast<std::int64_t>(Count);
        for (std::int64_t i = 0; i < length; ++i)
            sums[i] = m_bias ? m_bias[c + i] : 0.0F;
        forEachInside(place, [&](const float* pixel, const float* weights) {
            for (std::int64_t i = 0; i < length; ++i)
                sums[i] += pixel[c + i] * weights[c + i];
        });
        std::copy_n(sums, length, output + c);
    }

    void single(const DepthwisePlace& place, std::int64_t c, float* output) const
    {
        float* made = output + c * m_multiplier;
        for (std::int64_t m = 0; m < m_multiplier; ++m)
            made[m] = m_bias ? m_bias[c * m_multiplier + m] : 0.0F;
        forEachInside(place, [&](const float* pixel, const float* weights) {
            for (std::int64_t m = 0; m < m_multiplier; ++m)
                made[m] += pixel[c] * weights[c * m_multiplier + m];
        });
    }

    const float* m_input;
    const float* m_kernel;
    const float* m_bias;
    Extent m_window;
    std::int64_t m_channels, m_multiplier, m_pixel, m_line, m_plane;
};

}

void depthwise(const float* input, const Image& image, const Window& w, const float* kernel, const float* bias, std::int64_t multiplier,
               float* output)
{
    const DepthwiseLoop loop(input, image, w, kernel, bias, multiplier);
    const Extent& size = image.size;
    for (std::int64_t n = 0; n < image.batch; ++n)
        for (std::int64_t z = 0; z < w.output.depth; ++z) {
            const std::int64_t plane = z * w.stride.depth - w.before.depth;
            const Reach planes = reached(plane, w.kernel.depth, w.dilation.depth, size.depth);
            for (std::int64_t y = 0; y < w.output.height; ++y) {
                const std::int64_t line = y * w.stride.height - w.before.height;
                const Reach lines = reached(line, w.kernel.height, w.dilation.height, size.height);
                for (std::int64_t x = 0; x < w.output.width; ++x, output += image.channels * multiplier) {
                    const std::int64_t pixel = x * w.stride.width - w.before.width;
                    const std::int64_t first = (n * count(size) + (plane * size.height + line) * size.width + pixel) * image.channels;
                    loop.at({first, planes, lines, reached(pixel, w.kernel.width, w.dilation.width, size.width)}, output);
                }
            }
        }
}

}
