// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/kernels/kernels.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <span>
#include <vector>

/// Plain loops in double precision, straight from the definitions: what the fast kernels are held against.
namespace reference {

using Floats = std::vector<float>;
using core::engines::kernels::Image;
using core::engines::kernels::Window;

class Random
{
public:
    explicit Random(unsigned seed) : m_engine(seed) {}

    std::int64_t integer(std::int64_t low, std::int64_t high) { return std::uniform_int_distribution<std::int64_t>(low, high)(m_engine); }
    Floats floats(std::int64_t count, float width = 1)
    {
        Floats values(static_cast<std::size_t>(count));
        std::normal_distribution<float> normal(0, width);
        for (auto& value : values)
            value = normal(m_engine);
        return values;
    }

private:
    std::mt19937 m_engine;
};

/// A window that fits the image, with padding on four sides. For pooling padding is less than the kernel, and the last window may hang over
/// the edge as in PyTorch's ceil mode.
inline Window randomWindow(Random& random, const Image& image, std::int64_t mostDilation, bool pooling = false)
{
    Window w{};
    w.kernel.height = random.integer(1, 5);
    w.kernel.width = random.integer(1, 5);
    w.stride.height = random.integer(1, 3);
    w.stride.width = random.integer(1, 3);
    w.dilation.height = random.integer(1, mostDilation);
    w.dilation.width = random.integer(1, mostDilation);
    w.before.height = random.integer(0, pooling ? w.kernel.height - 1 : 3);
    w.after.height = random.integer(0, pooling ? w.kernel.height - 1 : 3);
    w.before.width = random.integer(0, pooling ? w.kernel.width - 1 : 3);
    w.after.width = random.integer(0, pooling ? w.kernel.width - 1 : 3);
    const auto reachY = (w.kernel.height - 1) * w.dilation.height + 1, reachX = (w.kernel.width - 1) * w.dilation.width + 1;
    w.after.height += std::max<std::int64_t>(reachY - (image.size.height + w.before.height + w.after.height), 0);
    w.after.width += std::max<std::int64_t>(reachX - (image.size.width + w.before.width + w.after.width), 0);
    w.output.height = (image.size.height + w.before.height + w.after.height - reachY) / w.stride.height + 1;
    w.output.width = (image.size.width + w.before.width + w.after.width - reachX) / w.stride.width + 1;
    if (pooling && w.output.height * w.stride.height < image.size.height + w.before.height && random.integer(0, 1))
        ++w.output.height;
    if (pooling && w.output.width * w.stride.width < image.size.width + w.before.width && random.integer(0, 1))
        ++w.output.width;
    return w;
}

inline std::int64_t at(const Image& image, std::int64_t n, std::int64_t y, std::int64_t x, std::int64_t c)
{
    return ((n * image.size.height + y) * image.size.width + x) * image.channels + c;
}

/// The values under the window of one output position and channel: visit(ky, kx, value), padding left out.
using Visit = std::function<void(std::int64_t, std::int64_t, double)>;
inline void underWindow(const Floats& input, const Image& image, const Window& w, std::int64_t n, std::int64_t y, std::int64_t x,
                        std::int64_t c, const Visit& visit)
{
    for (std::int64_t ky = 0; ky < w.kernel.height; ++ky)
        for (std::int64_t kx = 0; kx < w.kernel.width; ++kx) {
            const auto iy = y * w.stride.height - w.before.height + ky * w.dilation.height,
                       ix = x * w.stride.width - w.before.width + kx * w.dilation.width;
            if (iy >= 0 && iy < image.size.height && ix >= 0 && ix < image.size.width)
                visit(ky, kx, input[static_cast<std::size_t>(at(image, n, iy, ix, c))]);
        }
}

/// Calls value(n, y, x, channel) for each output element, in NHWC order.
template <typename Value>
Floats image(std::int64_t batch, const Window& w, std::int64_t channels, Value value)
{
    Floats result;
    for (std::int64_t n = 0; n < batch; ++n)
        for (std::int64_t y = 0; y < w.output.height; ++y)
            for (std::int64_t x = 0; x < w.output.width; ++x)
                for (std::int64_t c = 0; c < channels; ++c)
                    result.push_back(static_cast<float>(value(n, y, x, c)));
    return result;
}

/// max|a-b| / max(1, max|b|); infinite when the sizes differ or a NaN stands on one side only.
inline double scaledDifference(std::span<const float> a, std::span<const float> b)
{
    if (a.size() != b.size())
        return std::numeric_limits<double>::infinity();
    double worst = 0, scale = 1;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (std::isnan(a[i]) != std::isnan(b[i]))
            return std::numeric_limits<double>::infinity();
        if (std::isnan(a[i]) || a[i] == b[i])
            continue;
        worst = std::max(worst, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
        scale = std::max(scale, std::abs(static_cast<double>(b[i])));
    }
    return worst / scale;
}

}
