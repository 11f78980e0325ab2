// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/shape.h"

#include "core/base/error.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace core {

std::int64_t elementCount(const Shape& shape)
{
    constexpr std::int64_t limit = std::int64_t{1} << 62;
    for (const std::int64_t size : shape)
        if (size < 0)
            throw Error("shape-overflow").expected("sizes of 0 and above").found(text(shape));
    if (std::find(shape.begin(), shape.end(), 0) != shape.end())
        return 0;
    std::int64_t count = 1;
    for (const std::int64_t size : shape) {
        if (count > limit / size)
            throw Error("shape-overflow").expected("at most 2^62 elements").found(text(shape));
        count *= size;
    }
    return count;
}

Shape denseStrides(const Shape& shape)
{
    Shape strides(shape.size());
    std::int64_t stride = 1;
    for (std::size_t i = shape.size(); i-- > 0;) {
        strides[i] = stride;
        stride *= shape[i];
    }
    return strides;
}

std::string text(const Shape& shape)
{
    std::vector<std::string> parts;
    for (const std::int64_t size : shape)
        parts.push_back(size == -1 ? "?" : std::to_string(size));
    return fmt::format("[{}]", fmt::join(parts, ","));
}

}
