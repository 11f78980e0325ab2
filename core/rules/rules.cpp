// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/rules.h"

#include "core/base/error.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace core::rules {

namespace {

std::string letters(const Axes& axes)
{
    std::string result;
    for (const Axis& axis : axes)
        result += axis.name.empty() ? "?" : axis.name;
    std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

const Axis* flattenedAxis(const Axes& axes)
{
    const auto found = std::find_if(axes.begin(), axes.end(), [](const Axis& axis) { return !axis.parts.empty(); });
    return found == axes.end() ? nullptr : &*found;
}

std::string partLetters(const Axis& axis)
{
    Axes parts;
    for (const Axis::Part& part : axis.parts)
        parts.push_back({part.name, {}});
    return letters(parts);
}

/// Both sides' labels, made the same where exactly one of each side has no mate and at most one of the two is a flattened one: what one
/// side's file does not tell (i against F or against flat(H,W,C)) is taken to be what the other says, in the same order.
std::pair<Axes, Axes> reconciled(const Axes& from, const Axes& to)
{
    const auto lonely = [](const Axes& axes, const Axes& others) {
        std::vector<std::size_t> result;
        for (std::size_t i = 0; i < axes.size(); ++i)
            if (std::find(others.begin(), others.end(), axes[i]) == others.end())
                result.push_back(i);
        return result;
    };
    const std::vector<std::size_t> inFrom = lonely(from, to), inTo = lonely(to, from);
    std::pair<Axes, Axes> result{from, to};
    if (inFrom.size() == 1 && inTo.size() == 1 && (from[inFrom[0]].parts.empty() || to[inTo[0]].parts.empty()))
        result.first[inFrom[0]] = result.second[inTo[0]] = Axis{"*", {}};
    return result;
}

/// The parts that have more than one element, in order: only they can change places.
std::string countingParts(const Axis& axis)
{
    std::string result;
    for (const Axis::Part& part : axis.parts)
        if (part.size != 1)
            result += part.name;
    return result;
}

}

std::string ruleId(const Parameter& from, const Parameter& to)
{
    const auto [fromAxes, toAxes] = reconciled(from.axes, to.axes);
    const Relabelling moves = relabelling(from.source.shape, fromAxes, to.source.shape, toAxes);
    const bool sameLabels = !fromAxes.empty() && fromAxes.size() == toAxes.size() && letters(fromAxes) == letters(toAxes);
    const std::size_t rank = from.source.shape.size();
    if (rank > 2 && to.source.shape.size() == rank && !sameLabels && !fromAxes.empty() && !toAxes.empty())
        return letters(fromAxes) + "->" + letters(toAxes);
    const Axis* flatFrom = flattenedAxis(fromAxes);
    const Axis* flatTo = flattenedAxis(toAxes);
    if (flatFrom && flatTo && countingParts(*flatFrom) != countingParts(*flatTo))
        return fmt::format("flatten-{}->{}", partLetters(*flatFrom), partLetters(*flatTo));
    if (rank == 2 && to.source.shape.size() == 2)
        return moves.isIdentity() && (sameLabels || from.source.shape == to.source.shape) ? "same" : "transpose";
    return moves.isIdentity() ? "same" : letters(fromAxes) + "->" + letters(toAxes);
}

std::string ruleTitle(std::string_view ruleId)
{
    if (ruleId == "transpose")
        return "transposed";
    if (ruleId == keptRule)
        return "kept";
    const bool flatten = ruleId.starts_with("flatten-");
    if (flatten)
        ruleId.remove_prefix(std::string_view("flatten-").size());
    const std::size_t arrow = ruleId.find("->");
    if (arrow == std::string_view::npos)
        return std::string(ruleId);
    std::string result;
    for (std::size_t i = 0; i < ruleId.size(); ++i) {
        if (i == arrow) {
            result += " -> ";
            ++i;
            continue;
        }
        if (flatten && !result.empty() && result.back() != ' ')
            result += ',';
        result += static_cast<char>(std::toupper(static_cast<unsigned char>(ruleId[i])));
    }
    return result;
}

bool isBijective(std::string_view ruleId)
{
    return ruleId != keptRule;
}

std::vector<Tensor> applyRule(std::string_view ruleId, const std::vector<Tensor>& from, const std::vector<const Parameter*>& fromParameters,
                              const std::vector<const Parameter*>& to)
{
    if (from.size() != 1 || fromParameters.size() != 1 || to.size() != 1)
        throw Error("rule-count").expected("one parameter on each side").found(fmt::format("{} and {}", from.size(), to.size())).at(ruleId);
    const Parameter& source = *fromParameters[0];
    const Parameter& target = *to[0];
    const auto [fromAxes, toAxes] = reconciled(source.axes, target.axes);
    const Tensor moved = from[0].withAxes(fromAxes).relabelled(target.source.shape, toAxes).withAxes(target.axes);
    return {cast(moved, target.source.dtype)};
}

}
