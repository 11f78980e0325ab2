// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/heatmap/featuremaps.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace widgets {
namespace {

/// The dimensions of one sample in the order C, H, W with their strides in elements.
struct Placing
{
    int sizes[3] = {1, 1, 1};
    std::int64_t strides[3] = {0, 0, 0};
};

Placing placing(const core::Shape& shape, const core::Axes& axes)
{
    const core::Shape strides = core::denseStrides(shape);
    std::vector<std::size_t> rest(shape.size());
    std::iota(rest.begin(), rest.end(), std::size_t{0});
    const int batch = core::indexOf(axes, "N");
    if (batch >= 0)
        rest.erase(rest.begin() + batch);
    else if (axes.empty() && shape.size() != 1)
        rest.erase(rest.begin());
    std::erase_if(rest, [&](std::size_t d) { return shape[d] == 1; });

    Placing result;
    const auto put = [&](int target, std::size_t d) {
        result.sizes[target] = static_cast<int>(shape[d]);
        result.strides[target] = strides[d];
    };
    const int labelled[3] = {core::indexOf(axes, "C"), core::indexOf(axes, "H"), core::indexOf(axes, "W")};
    for (int target = 0; target < 3; ++target) {
        const auto d = std::find(rest.begin(), rest.end(), static_cast<std::size_t>(labelled[target]));
        if (labelled[target] < 0 || d == rest.end())
            continue;
        put(target, *d);
        rest.erase(d);
    }
    // What has no label goes from the inside out into the places that are free; one dimension alone is a row of units.
    const bool anyPlaced = result.strides[0] || result.strides[1] || result.strides[2];
    if (rest.size() == 1 && !anyPlaced)
        put(0, rest.front());
    else
        for (int target = 2; target >= 0 && !rest.empty(); --target)
            if (result.strides[target] == 0) {
                put(target, rest.back());
                rest.pop_back();
            }
    return result;
}

}

float FeatureMaps::at(int channel, int y, int x) const
{
    return values[(static_cast<std::size_t>(channel) * static_cast<std::size_t>(height) + static_cast<std::size_t>(y)) *
                      static_cast<std::size_t>(width) +
                  static_cast<std::size_t>(x)];
}

std::span<const float> FeatureMaps::plane(int channel) const
{
    const auto size = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    return std::span<const float>(values).subspan(static_cast<std::size_t>(channel) * size, size);
}

FeatureMaps featureMaps(const core::Tensor& value)
{
    if (value.isNull() || value.count() == 0)
        return {};
    core::Tensor widened;
    try {
        widened = value.toFloat32();
    } catch (const core::Error&) {
        return {};
    }
    const auto place = placing(value.shape(), value.axes());
    FeatureMaps maps{place.sizes[0], place.sizes[1], place.sizes[2], {}};
    maps.values.reserve(static_cast<std::size_t>(maps.channels) * static_cast<std::size_t>(maps.height) *
                        static_cast<std::size_t>(maps.width));
    const auto source = widened.floats();
    for (int c = 0; c < maps.channels; ++c)
        for (int y = 0; y < maps.height; ++y)
            for (int x = 0; x < maps.width; ++x)
                maps.values.push_back(source[static_cast<std::size_t>(c * place.strides[0] + y * place.strides[1] + x * place.strides[2])]);
    return maps;
}

Range rangeOf(const FeatureMaps& left, const FeatureMaps& right)
{
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const auto* maps : {&left, &right})
        for (const float value : maps->values)
            if (std::isfinite(value)) {
                low = std::min(low, static_cast<double>(value));
                high = std::max(high, static_cast<double>(value));
            }
    return low <= high ? Range{low, high} : Range{};
}

FeatureMaps differenceOf(const FeatureMaps& left, const FeatureMaps& right)
{
    if (left.isEmpty() || left.channels != right.channels || left.height != right.height || left.width != right.width)
        return {};
    FeatureMaps result{left.channels, left.height, left.width, std::vector<float>(left.values.size())};
    for (std::size_t i = 0; i < result.values.size(); ++i) {
        const float a = left.values[i], b = right.values[i];
        const bool same = a == b || (std::isnan(a) && std::isnan(b));
        result.values[i] = same ? 0.0F : a - b;
    }
    return result;
}

double largest(std::span<const float> values)
{
    double result = 0;
    for (const float value : values) {
        if (std::isnan(value))
            return std::numeric_limits<double>::quiet_NaN();
        result = std::max(result, static_cast<double>(std::abs(value)));
    }
    return result;
}

}
