// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/layout.h"

#include "core/base/error.h"
#include "core/base/letters.h"

#include <algorithm>

namespace core::rules {

namespace {

[[noreturn]] void disagree(const Parameter& from, const Parameter& to)
{
    throw Error("axes-disagree")
        .expected(text(to.source.shape) + " (" + text(to.axes) + ")")
        .found(text(from.source.shape) + " (" + text(from.axes) + ")");
}

/// Pairs what bears the same name; what is left over on each side is a pair where it is one.
std::vector<int> mates(const Parameter& from, const Parameter& to)
{
    std::vector<int> result(to.axes.size(), -1);
    std::vector<bool> taken(from.axes.size());
    for (std::size_t t = 0; t < to.axes.size(); ++t)
        for (std::size_t f = 0; f < from.axes.size() && result[t] < 0; ++f)
            if (!taken[f] && !to.axes[t].name.empty() && from.axes[f].name == to.axes[t].name) {
                taken[f] = true;
                result[t] = static_cast<int>(f);
            }
    if (std::count(result.begin(), result.end(), -1) > 1)
        disagree(from, to);
    for (int& mate : result)
        if (mate < 0)
            mate = static_cast<int>(std::find(taken.begin(), taken.end(), false) - taken.begin());
    return result;
}

}

std::optional<Dimensions> dimensions(const Parameter& from, const Parameter& to)
{
    const Shape &source = from.source.shape, &target = to.source.shape;
    if (from.axes.empty() || from.axes.size() != to.axes.size() || from.axes.size() != source.size() || source.size() != target.size())
        return {};
    Dimensions result;
    result.from = mates(from, to);
    for (std::size_t t = 0; t < target.size(); ++t) {
        const auto f = static_cast<std::size_t>(result.from[t]);
        if (source[f] != target[t])
            disagree(from, to);
        if (target[t] > 1 && (from.axes[f].order() != Order::Plain || to.axes[t].order() != Order::Plain))
            result.mixed.push_back(static_cast<int>(t));
    }
    return result;
}

std::string letters(const Axis& axis)
{
    std::string result;
    for (const Axis& segment : axis.segments)
        result += (result.empty() ? "" : "|") + letters(segment);
    for (const Axis::Part& part : axis.parts)
        result += part.name.empty() ? "?" : part.name;
    if (axis.segments.empty() && axis.parts.empty())
        result = axis.name.empty() ? "?" : axis.name;
    return lower(result);
}

Axis axisLike(std::string_view text, const Axis& like)
{
    Axis result = like;
    const auto wrong = [&] { return Error("rule-shape").expected(letters(like)).found(text); };
    if (!like.segments.empty()) {
        for (Axis& segment : result.segments) {
            const auto end = std::min(text.find('|'), text.size());
            const auto named = std::find_if(like.segments.begin(), like.segments.end(), [&](const Axis& block) {
                return block.order() == Order::Plain && letters(block) == text.substr(0, end);
            });
            segment = named != like.segments.end() ? *named : axisLike(text.substr(0, end), segment);
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        return result;
    }
    if (like.parts.empty())
        return result;
    if (text.size() != like.parts.size())
        throw wrong();
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto found = std::find_if(like.parts.begin(), like.parts.end(),
                                        [&](const Axis::Part& part) { return lower(part.name) == std::string(1, text[i]); });
        if (found == like.parts.end())
            throw wrong();
        result.parts[i] = *found;
    }
    return result;
}

Axis otherHabit(const Axis& axis)
{
    Axis result = axis;
    for (Axis& segment : result.segments)
        segment = otherHabit(segment);
    std::vector<Axis::Part>& parts = result.parts;
    if (parts.size() > 1 && parts.front().name == "C")
        std::rotate(parts.begin(), parts.begin() + 1, parts.end());
    else if (parts.size() > 1 && parts.back().name == "C")
        std::rotate(parts.begin(), parts.end() - 1, parts.end());
    return result;
}

}
