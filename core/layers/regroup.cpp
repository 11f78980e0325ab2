// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/regroup.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace core::layers {

namespace {

std::string partName(const std::string& whole, std::size_t place, std::size_t count)
{
    return fmt::format("{}.{}of{}", whole, place + 1, count);
}

/// The axis that was split into exactly these, in this order.
std::optional<Axis> rejoined(const Axes& axes)
{
    const std::string& first = axes.front().name;
    const auto dot = first.rfind(".1of");
    if (axes.size() < 2 || dot == std::string::npos)
        return {};
    const std::string whole = first.substr(0, dot);
    for (std::size_t i = 0; i < axes.size(); ++i)
        if (axes[i].order() != Order::Plain || axes[i].name != partName(whole, i, axes.size()))
            return {};
    return Axis{whole, {}};
}

Axis folded(const Axes& axes, const Shape& sizes)
{
    if (const auto whole = rejoined(axes))
        return *whole;
    return flattened(axes, sizes);
}

Axes unfolded(const Axis& axis, const Shape& to)
{
    Axes result;
    std::vector<Axis::Part> parts;
    std::copy_if(axis.parts.begin(), axis.parts.end(), std::back_inserter(parts), [](const Axis::Part& part) { return part.size != 1; });
    const bool isFlat = axis.order() == Order::Known && axis.segments.empty();
    const bool fits = isFlat && std::equal(parts.begin(), parts.end(), to.begin(), to.end(),
                                           [](const Axis::Part& part, std::int64_t size) { return part.size == size; });
    for (std::size_t i = 0; i < to.size(); ++i)
        if (fits)
            result.push_back({parts[i].name, {}});
        else if (axis.order() == Order::Plain && !axis.name.empty())
            result.push_back({partName(axis.name, i, to.size()), {}});
        else
            result.push_back(
                lostAxis({}, axis.unknownBecause.empty() ? "it is reshaped otherwise than it was flattened" : axis.unknownBecause));
    return result;
}

/// Of dimensions that are all longer than one.
Axes regroupedCounting(const Axes& axes, const Shape& from, const Shape& to)
{
    Axes result;
    for (std::size_t i = 0, j = 0; j < to.size();) {
        const std::size_t firstFrom = i, firstTo = j;
        std::int64_t left = from[i++], right = to[j++];
        while (left != right)
            left < right ? left *= from[i++] : right *= to[j++];
        const Axes own(axes.begin() + static_cast<std::ptrdiff_t>(firstFrom), axes.begin() + static_cast<std::ptrdiff_t>(i));
        const Shape sizes(from.begin() + static_cast<std::ptrdiff_t>(firstFrom), from.begin() + static_cast<std::ptrdiff_t>(i));
        const Shape wanted(to.begin() + static_cast<std::ptrdiff_t>(firstTo), to.begin() + static_cast<std::ptrdiff_t>(j));
        if (wanted.size() == 1)
            result.push_back(folded(own, sizes));
        else
            for (Axis& axis : unfolded(own.size() == 1 ? own[0] : flattened(own, sizes), wanted))
                result.push_back(std::move(axis));
    }
    return result;
}

std::vector<Value> inferredOrNone(const Call& call, std::vector<Value> (*infer)(const Call&))
{
    try {
        return call.isKnown() ? infer(call) : std::vector<Value>();
    } catch (const Error&) {
        return {};
    }
}

/// Sizes above one, sorted: frameworks lay them out differently.
std::string sizesOf(const Value& value)
{
    Shape sizes;
    std::copy_if(value.shape.begin() + 1, value.shape.end(), std::back_inserter(sizes), [](std::int64_t size) { return size != 1; });
    std::sort(sizes.begin(), sizes.end());
    return sizes.empty() ? "1" : fmt::format("{}", fmt::join(sizes, "x"));
}

}

std::size_t placeOf(const Op& op, std::int64_t axis, std::size_t rank)
{
    const std::int64_t place = axis < 0 ? axis + static_cast<std::int64_t>(rank) : axis;
    if (place < 0 || place >= static_cast<std::int64_t>(rank))
        throw Error("shape-axis").expected(fmt::format("a dimension of {}", rank)).found(std::to_string(axis)).at(printable(op.name));
    return static_cast<std::size_t>(place);
}

void requireSamplesKept(const Op& op, const Value& input, std::size_t place)
{
    const bool isBatch = input.axes.empty() ? place == 0 : place < input.axes.size() && input.axes[place].name == "N";
    if (isBatch)
        throw Error("shape-batch")
            .expected("a layer that treats every sample of a batch alike")
            .found(fmt::format("one that works along dimension {}, the batch", place))
            .at(printable(op.name));
}

Axes regrouped(const Axes& axes, const Shape& from, const Shape& to)
{
    if (from == to)
        return axes;
    if (to.size() == 1)
        return {folded(axes, from)};
    Axes kept, result(to.size());
    Shape counting, wanted;
    for (std::size_t d = 0; d < from.size(); ++d)
        if (from[d] != 1) {
            kept.push_back(axes[d]);
            counting.push_back(from[d]);
        }
    std::copy_if(to.begin(), to.end(), std::back_inserter(wanted), [](std::int64_t size) { return size != 1; });
    const Axes made = regroupedCounting(kept, counting, wanted);
    for (std::size_t d = 0, next = 0; d < to.size(); ++d)
        if (to[d] != 1)
            result[d] = made[next++];
    return result;
}

Axis partOf(const Axis& axis, const Op& op)
{
    if (axis.order() == Order::Plain)
        return axis;
    return lostAxis(axis.name,
                    axis.unknownBecause.empty() ? printable(op.name) + " takes a part of flattened features" : axis.unknownBecause);
}

Value permuted(const Value& in, const std::vector<std::size_t>& order)
{
    Value out;
    for (const std::size_t from : order) {
        out.shape.push_back(in.shape[from]);
        if (!in.axes.empty())
            out.axes.push_back(in.axes[from]);
    }
    return out;
}

std::string outputsDiffer(std::string_view what, const Call& a, const Call& b, std::vector<Value> (*infer)(const Call&))
{
    const std::vector<Value> left = inferredOrNone(a, infer), right = inferredOrNone(b, infer);
    if (left.empty() || right.empty())
        return {};
    if (left.size() != right.size())
        return fmt::format("{} outputs against {}", left.size(), right.size());
    for (std::size_t i = 0; i < left.size(); ++i)
        if (const std::string ours = sizesOf(left[i]), theirs = sizesOf(right[i]); ours != theirs)
            return fmt::format("{} {} against {}", what, ours, theirs);
    return {};
}

}
