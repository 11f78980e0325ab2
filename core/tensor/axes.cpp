// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/axes.h"

#include "core/base/error.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>

namespace core {

namespace {

/// A dimension of the unfolded tensor: flattened axes give one for each part.
struct Unit
{
    std::string name;
    std::int64_t size;
};

std::vector<Unit> unfold(const Shape& shape, const Axes& axes)
{
    std::vector<Unit> units;
    for (std::size_t d = 0; d < shape.size(); ++d) {
        const Axis axis = d < axes.size() ? axes[d] : Axis();
        std::int64_t product = 1;
        for (const Axis::Part& part : axis.parts)
            product *= part.size;
        if (axis.parts.empty() || product != shape[d])
            units.push_back({axis.parts.empty() ? axis.name : std::string(), shape[d]});
        else
            for (const Axis::Part& part : axis.parts)
                units.push_back({part.name, part.size});
    }
    return units;
}

[[noreturn]] void disagree(const Shape& shape, const Axes& from, const Shape& targetShape, const Axes& to)
{
    throw Error("axes-disagree")
        .expected(fmt::format("{} ({})", text(targetShape), text(to)))
        .found(fmt::format("{} ({})", text(shape), text(from)));
}

std::vector<int> nontrivial(const std::vector<Unit>& units)
{
    std::vector<int> result;
    for (std::size_t i = 0; i < units.size(); ++i)
        if (units[i].size != 1)
            result.push_back(static_cast<int>(i));
    return result;
}

bool sameNames(const std::vector<Unit>& a, const std::vector<int>& as, const std::vector<Unit>& b, const std::vector<int>& bs)
{
    std::vector<std::string> left, right;
    for (const int i : as)
        left.push_back(a[static_cast<std::size_t>(i)].name);
    for (const int i : bs)
        right.push_back(b[static_cast<std::size_t>(i)].name);
    std::sort(left.begin(), left.end());
    std::sort(right.begin(), right.end());
    const bool distinct = std::adjacent_find(left.begin(), left.end()) == left.end();
    return distinct && left == right && std::find(left.begin(), left.end(), "") == left.end();
}

/// The parts that have more than one element: only they can change places.
std::vector<Axis::Part> counting(std::vector<Axis::Part> parts)
{
    std::erase_if(parts, [](const Axis::Part& part) { return part.size == 1; });
    return parts;
}

/// `parts` with what is several dimensions in one ("HW") divided as `others` have them one behind the other.
std::vector<Axis::Part> divided(const std::vector<Axis::Part>& parts, const std::vector<Axis::Part>& others)
{
    std::vector<Axis::Part> result;
    for (const Axis::Part& part : parts) {
        const auto ends = [&](auto first) {
            std::string name;
            std::int64_t size = 1;
            auto last = first;
            for (; last != others.end() && name.size() < part.name.size(); ++last) {
                name += last->name;
                size *= last->size;
            }
            return name == part.name && size == part.size ? last : first;
        };
        auto first = others.begin();
        while (first != others.end() && ends(first) == first)
            ++first;
        if (first == others.end() || part.name.size() < 2)
            result.push_back(part);
        else
            result.insert(result.end(), first, ends(first));
    }
    return result;
}

/// Whether both frameworks would list the parts in this order: no channel among them, or nothing else.
bool isCommonOrder(const std::vector<Axis::Part>& parts)
{
    return parts.size() < 2 ||
           std::none_of(parts.begin(), parts.end(), [](const Axis::Part& part) { return part.name.empty() || part.name == "C"; });
}

bool haveSameNames(const std::vector<Axis::Part>& a, const std::vector<Axis::Part>& b)
{
    return std::is_permutation(a.begin(), a.end(), b.begin(), b.end(),
                               [](const Axis::Part& left, const Axis::Part& right) { return left.name == right.name; });
}

std::vector<std::int64_t> inOrder(std::int64_t size)
{
    std::vector<std::int64_t> result(static_cast<std::size_t>(size));
    std::iota(result.begin(), result.end(), std::int64_t{0});
    return result;
}

/// The elements of `from`'s parts in the order in which `to` lists the same parts; nullopt when they are not the same.
std::optional<std::vector<std::int64_t>> reordered(const std::vector<Axis::Part>& from, const std::vector<Axis::Part>& to)
{
    std::vector<std::int64_t> result{0};
    for (const Axis::Part& wanted : to) {
        std::int64_t stride = 0, size = 0, inner = 1;
        for (auto part = from.rbegin(); part != from.rend(); inner *= part->size, ++part)
            if (part->name == wanted.name) {
                if (stride != 0)
                    return {};
                stride = inner;
                size = part->size;
            }
        if (wanted.name.empty() || size != wanted.size)
            return {};
        std::vector<std::int64_t> next;
        for (const std::int64_t start : result)
            for (std::int64_t i = 0; i < size; ++i)
                next.push_back(start + i * stride);
        result = std::move(next);
    }
    return result;
}

/// Blocks that bear names of their own, as the gates of a cell do; what a Concatenate joined is not plain throughout.
bool areBlocks(const std::vector<Axis>& segments)
{
    std::vector<std::string> names;
    for (const Axis& segment : segments) {
        if (segment.order() != Order::Plain || segment.name.empty())
            return false;
        names.push_back(segment.name);
    }
    std::sort(names.begin(), names.end());
    return !names.empty() && std::adjacent_find(names.begin(), names.end()) == names.end();
}

/// The elements of `from`'s blocks in the order in which `to` has them; nullopt where they are not the same.
std::optional<std::vector<std::int64_t>> blockOrder(const std::vector<Axis>& from, const std::vector<Axis>& to)
{
    std::vector<std::int64_t> result;
    for (const Axis& wanted : to) {
        std::int64_t start = 0;
        auto block = from.begin();
        for (; block != from.end() && block->name != wanted.name; ++block)
            start += block->size;
        if (block == from.end() || block->size != wanted.size)
            return {};
        for (std::int64_t i = 0; i < wanted.size; ++i)
            result.push_back(start + i);
    }
    return result;
}

std::optional<std::vector<std::int64_t>> joinedOrder(const std::vector<Axis>& from, const std::vector<Axis>& to)
{
    if (areBlocks(from) && areBlocks(to))
        return from.size() == to.size() ? blockOrder(from, to) : std::nullopt;
    std::vector<std::int64_t> result;
    for (std::size_t i = 0; i < from.size(); ++i) {
        const auto order =
            from.size() == to.size() && from[i].size == to[i].size ? elementOrder(from[i], to[i], from[i].size) : std::nullopt;
        if (!order)
            return {};
        const auto start = static_cast<std::int64_t>(result.size());
        std::transform(order->begin(), order->end(), std::back_inserter(result), [&](std::int64_t place) { return start + place; });
    }
    return result;
}

/// Whether moving elements by labels would be a guess: the order along an axis is unknown on one side, or flattened on one only.
bool isGuess(const Shape& shape, const Axes& axes, const Axes& others)
{
    const bool plain = !others.empty() && others.size() <= shape.size() &&
                       std::all_of(others.begin(), others.end(), [](const Axis& axis) { return axis.order() == Order::Plain; });
    for (std::size_t d = 0; d < axes.size() && d < shape.size(); ++d) {
        if (shape[d] == 1 || axes[d].order() == Order::Plain)
            continue;
        const bool isFolded = axes[d].order() == Order::Known && axes[d].segments.empty();
        if (isFolded ? plain && !isCommonOrder(counting(axes[d].parts)) : std::find(others.begin(), others.end(), axes[d]) == others.end())
            return true;
    }
    return false;
}

/// The features of a sequence are the channels of a series: where one side says F and the other C, and neither both, F is called C.
void nameFeaturesAlike(std::vector<Unit>& units, const std::vector<Unit>& others)
{
    const auto find = [](auto& in, std::string_view name) {
        return std::find_if(in.begin(), in.end(), [&](const Unit& unit) { return unit.name == name; });
    };
    const auto features = find(units, "F");
    if (features != units.end() && find(units, "C") == units.end() && find(others, "C") != others.end() &&
        find(others, "F") == others.end())
        features->name = "C";
}

/// Pairing by position is honest only while no name of one side stands elsewhere on the other.
bool positionsAgree(const std::vector<Unit>& a, const std::vector<int>& as, const std::vector<Unit>& b, const std::vector<int>& bs)
{
    const auto has = [](const std::vector<Unit>& units, const std::vector<int>& indices, const std::string& name) {
        return std::any_of(indices.begin(), indices.end(), [&](int i) { return units[static_cast<std::size_t>(i)].name == name; });
    };
    for (std::size_t k = 0; k < as.size(); ++k) {
        const std::string& left = a[static_cast<std::size_t>(as[k])].name;
        const std::string& right = b[static_cast<std::size_t>(bs[k])].name;
        if (left != right && ((!left.empty() && has(b, bs, left)) || (!right.empty() && has(a, as, right))))
            return false;
    }
    return true;
}

}

Order Axis::order() const
{
    return !unknownBecause.empty() ? Order::Unknown : parts.empty() && segments.empty() ? Order::Plain : Order::Known;
}

Axes axesOf(std::string_view letters)
{
    Axes axes;
    for (const char letter : letters)
        axes.push_back({std::string(1, letter), {}});
    return axes;
}

Axis lostAxis(std::string name, std::string because)
{
    Axis axis{std::move(name), {}};
    axis.unknownBecause = std::move(because);
    return axis;
}

std::optional<std::vector<std::int64_t>> elementOrder(const Axis& from, const Axis& to, std::int64_t size)
{
    if (from.order() == Order::Unknown || to.order() == Order::Unknown)
        return {};
    if (!from.segments.empty() || !to.segments.empty()) {
        const auto order = joinedOrder(from.segments, to.segments);
        return order && static_cast<std::int64_t>(order->size()) == size ? order : std::nullopt;
    }
    const std::vector<Axis::Part> a = counting(divided(from.parts, to.parts)), b = counting(divided(to.parts, from.parts));
    if (a.size() < 2 || b.size() < 2)
        return isCommonOrder(a) && isCommonOrder(b) ? std::optional(inOrder(size)) : std::nullopt;
    const auto sameSize = [](const Axis::Part& left, const Axis::Part& right) { return left.size == right.size; };
    if (isCommonOrder(a) && isCommonOrder(b) && !haveSameNames(a, b)) // rows and columns under other names
        return std::equal(a.begin(), a.end(), b.begin(), b.end(), sameSize) ? std::optional(inOrder(size)) : std::nullopt;
    const auto order = a.size() == b.size() ? reordered(a, b) : std::nullopt;
    return order && static_cast<std::int64_t>(order->size()) == size ? order : std::nullopt;
}

std::string text(const Axes& axes)
{
    std::vector<std::string> parts;
    for (const Axis& axis : axes) {
        std::vector<std::string> names;
        for (const Axis::Part& part : axis.parts)
            names.push_back(part.name.empty() ? "?" : part.name);
        if (axis.order() == Order::Unknown || (names.empty() && axis.segments.empty() && axis.name.empty()))
            parts.push_back("?");
        else if (!axis.segments.empty())
            parts.push_back(fmt::format("joined({})", text(axis.segments)));
        else
            parts.push_back(names.empty() ? axis.name : fmt::format("flat({})", fmt::join(names, ",")));
    }
    return fmt::format("{}", fmt::join(parts, ","));
}

int indexOf(const Axes& axes, std::string_view name)
{
    const auto found =
        std::find_if(axes.begin(), axes.end(), [&](const Axis& axis) { return axis.name == name && axis.order() == Order::Plain; });
    return found == axes.end() ? -1 : static_cast<int>(found - axes.begin());
}

Axis flattened(const Axes& axes, const Shape& sizes)
{
    for (std::size_t d = 0; d < axes.size(); ++d)
        if (axes[d].order() == Order::Unknown || (!axes[d].segments.empty() && axes.size() > 1))
            return lostAxis({}, axes[d].unknownBecause.empty() ? "joined features are flattened again" : axes[d].unknownBecause);
    if (axes.size() == 1)
        return axes[0];
    const std::vector<Unit> units = unfold(sizes, axes);
    if (units.size() == 1)
        return {units[0].name, {}};
    Axis result;
    for (const Unit& unit : units)
        result.parts.push_back({unit.name, unit.size});
    return result;
}

bool Relabelling::isIdentity() const
{
    std::vector<int> moved;
    for (const int p : permutation)
        if (split[static_cast<std::size_t>(p)] != 1)
            moved.push_back(p);
    return std::is_sorted(moved.begin(), moved.end());
}

Relabelling relabelling(const Shape& shape, const Axes& from, const Shape& targetShape, const Axes& to)
{
    std::vector<Unit> source = unfold(shape, from), target = unfold(targetShape, to);
    nameFeaturesAlike(source, target);
    nameFeaturesAlike(target, source);
    const std::vector<int> sources = nontrivial(source), targets = nontrivial(target);
    if (elementCount(shape) != elementCount(targetShape) || isGuess(shape, from, to) || isGuess(targetShape, to, from))
        disagree(shape, from, targetShape, to);

    Relabelling result;
    for (const Unit& unit : source)
        result.split.push_back(unit.size);
    result.shape = targetShape;
    if (sources.size() != targets.size()) {
        if (shape != targetShape)
            disagree(shape, from, targetShape, to);
        result.split = shape;
        result.permutation.resize(shape.size());
        std::iota(result.permutation.begin(), result.permutation.end(), 0);
        return result;
    }
    std::vector<int> order = sources; // by position, unless names tell
    if (sameNames(source, sources, target, targets))
        for (std::size_t k = 0; k < targets.size(); ++k)
            order[k] = *std::find_if(sources.begin(), sources.end(), [&](int s) {
                return source[static_cast<std::size_t>(s)].name == target[static_cast<std::size_t>(targets[k])].name;
            });
    else if (!positionsAgree(source, sources, target, targets))
        disagree(shape, from, targetShape, to);
    for (std::size_t k = 0; k < targets.size(); ++k)
        if (source[static_cast<std::size_t>(order[k])].size != target[static_cast<std::size_t>(targets[k])].size)
            disagree(shape, from, targetShape, to);
    result.permutation = order;
    for (std::size_t i = 0; i < source.size(); ++i)
        if (source[i].size == 1)
            result.permutation.push_back(static_cast<int>(i));
    return result;
}

}
