// SPDX-License-Identifier: GPL-3.0-or-later
// How weights differ that no hypothesis explains.
#include "core/compare/causes/hypotheses.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace core::compare {

namespace {

constexpr std::int64_t mostElements = 16; ///< told one by one

std::vector<std::int64_t> placeOf(std::int64_t flat, const Shape& shape)
{
    std::vector<std::int64_t> place(shape.size());
    for (std::size_t d = shape.size(); d-- > 0;) {
        place[d] = flat % shape[d];
        flat /= shape[d];
    }
    return place;
}

/// A straight line through pairs of values: right = scale * left + offset.
struct Line
{
    double correlation = 0, scale = 1, offset = 0, residual = 0;
};

Line lineThrough(std::span<const float> left, std::span<const float> right)
{
    const auto count = static_cast<double>(left.size());
    double meanLeft = 0, meanRight = 0, both = 0, squareLeft = 0, squareRight = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        meanLeft += static_cast<double>(left[i]) / count;
        meanRight += static_cast<double>(right[i]) / count;
    }
    for (std::size_t i = 0; i < left.size(); ++i) {
        const double a = static_cast<double>(left[i]) - meanLeft, b = static_cast<double>(right[i]) - meanRight;
        both += a * b;
        squareLeft += a * a;
        squareRight += b * b;
    }
    Line line;
    if (squareLeft <= 0 || squareRight <= 0)
        return line;
    line.correlation = both / std::sqrt(squareLeft * squareRight);
    line.scale = both / squareLeft;
    line.offset = meanRight - line.scale * meanLeft;
    for (std::size_t i = 0; i < left.size(); ++i)
        line.residual =
            std::max(line.residual, std::fabs(static_cast<double>(right[i]) - line.scale * static_cast<double>(left[i]) - line.offset));
    return line;
}

/// How `count` of `total` elements differ, most of all.
std::string whole(std::int64_t count, std::int64_t total, const Line& line, double limit)
{
    const bool isLine = line.correlation != 0 && line.residual <= limit;
    const bool isScaled = std::fabs(line.scale - 1) > limit, isShifted = std::fabs(line.offset) > limit;
    if (isLine && isScaled && isShifted)
        return fmt::format("multiplied by {} and shifted by {}", shortNumber(line.scale), shortNumber(line.offset));
    if (isLine && (isScaled || isShifted))
        return isScaled ? fmt::format("multiplied by {}", shortNumber(line.scale)) : fmt::format("shifted by {}", shortNumber(line.offset));
    constexpr std::int64_t enough = 64; // of fewer elements a correlation may be chance
    constexpr double related = 0.5;     // what changed them is not to be seen; how other training looks is
    return fmt::format("in {} of {} elements (correlation {}), as {} training gives", count == total ? "all" : std::to_string(count), total,
                       shortNumber(line.correlation), total < enough || std::fabs(line.correlation) < related ? "another" : "more");
}

}

std::string describe(const Weights& weights, std::vector<Element>& elements)
{
    std::string result;
    for (std::size_t k = 0; k < weights.own.size(); ++k) {
        const Tensor left = weights.expected[k].toFloat32(), right = weights.own[k].toFloat32();
        const auto a = left.floats(), b = right.floats();
        std::vector<std::int64_t> differing;
        std::int64_t count = 0;
        double greatest = 1;
        for (std::size_t i = 0; i < b.size(); ++i) {
            if (std::isfinite(b[i]))
                greatest = std::max(greatest, std::fabs(static_cast<double>(b[i])));
            if (a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])))
                continue;
            if (++count <= mostElements)
                differing.push_back(static_cast<std::int64_t>(i));
        }
        if (count == 0)
            continue;
        const auto total = static_cast<std::int64_t>(b.size());
        const bool isSparse = count <= mostElements && count < total;
        std::string how;
        if (isSparse) {
            for (const std::int64_t flat : differing) {
                const auto i = static_cast<std::size_t>(flat);
                elements.push_back(
                    {weights.right[k]->name, placeOf(flat, right.shape()), static_cast<double>(a[i]), static_cast<double>(b[i])});
            }
            const Element& first = elements[elements.size() - differing.size()];
            how = fmt::format("in {} of {} elements, [{}]: {} against {}", count, total, fmt::join(first.index, ","),
                              shortNumber(first.left), shortNumber(first.right));
        } else if (count < total / 2) {
            how = fmt::format("in {} of {} elements", count, total);
        } else {
            how = whole(count, total, lineThrough(a, b), 1e-5 * greatest);
        }
        result += fmt::format("{}{} {}", result.empty() ? "" : "; ", weights.roles[k], how);
    }
    return result;
}

}
