// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/rules.h"

#include "core/base/error.h"
#include "core/rules/layout.h"
#include "core/rules/table.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <numeric>

namespace core::rules {

namespace {

std::string allLetters(const Axes& axes)
{
    std::string result;
    for (const Axis& axis : axes)
        result += axis.name.empty() ? "?" : letters(Axis{axis.name, {}});
    return result;
}

/// Both sides' labels without what was flattened, mates under one name.
std::pair<Axes, Axes> plainAxes(const Parameter& from, const Parameter& to, const Dimensions& dimensions)
{
    std::pair<Axes, Axes> result{Axes(from.axes.size()), Axes(to.axes.size())};
    for (std::size_t t = 0; t < to.axes.size(); ++t) {
        const std::string name = to.axes[t].name.empty() ? "*" : to.axes[t].name;
        result.first[static_cast<std::size_t>(dimensions.from[t])] = result.second[t] = Axis{name, {}};
    }
    return result;
}

/// The rule that moves whole axes and leaves the order along each as it stands.
std::string permutationId(const Parameter& from, const Parameter& to)
{
    const auto found = dimensions(from, to);
    const auto [fromAxes, toAxes] = found ? plainAxes(from, to, *found) : std::pair(from.axes, to.axes);
    const Relabelling moves = relabelling(from.source.shape, fromAxes, to.source.shape, toAxes);
    const bool sameLabels = !fromAxes.empty() && fromAxes.size() == toAxes.size() && allLetters(fromAxes) == allLetters(toAxes);
    const std::size_t rank = from.source.shape.size();
    if (rank > 2 && to.source.shape.size() == rank && !sameLabels && !fromAxes.empty() && !toAxes.empty())
        return allLetters(fromAxes) + "->" + allLetters(toAxes);
    if (rank == 2 && to.source.shape.size() == 2)
        return moves.isIdentity() && (sameLabels || from.source.shape == to.source.shape) ? "same" : "transpose";
    return moves.isIdentity() ? "same" : allLetters(fromAxes) + "->" + allLetters(toAxes);
}

bool isInOrder(const std::vector<std::int64_t>& order)
{
    return std::is_sorted(order.begin(), order.end());
}

/// "flatten-chw->hwc"; of several axes those of the target in order, divided by '*'.
std::string flattenId(const std::vector<std::pair<Axis, Axis>>& pairs)
{
    std::string from, to;
    for (const auto& [a, b] : pairs) {
        from += (from.empty() ? "" : "*") + letters(a);
        to += (to.empty() ? "" : "*") + letters(b);
    }
    return std::string(flattenPrefix) + from + "->" + to;
}

/// Files of one framework lie alike as long as nothing that is known says otherwise.
bool liesAlike(const Axis& from, const Axis& to)
{
    return from == to || from.order() != Order::Known || to.order() != Order::Known;
}

}

std::string ruleId(const Parameter& from, const Parameter& to, bool sameFramework)
{
    const auto found = dimensions(from, to);
    if (!found) {
        const std::string id = permutationId(from, to);
        const bool isTold = sameFramework || (!from.axes.empty() && !to.axes.empty()) || elementCount(from.source.shape) == 1;
        return isTold ? id : std::string(orderUnknownRule);
    }
    std::vector<std::pair<Axis, Axis>> pairs;
    bool moves = false;
    for (const int t : found->mixed) {
        const Axis& b = to.axes[static_cast<std::size_t>(t)];
        const Axis& a = from.axes[static_cast<std::size_t>(found->from[static_cast<std::size_t>(t)])];
        if (sameFramework && liesAlike(a, b))
            continue;
        const auto order = elementOrder(a, b, to.source.shape[static_cast<std::size_t>(t)]);
        if (!order)
            return std::string(orderUnknownRule);
        moves = moves || !isInOrder(*order);
        pairs.emplace_back(a, b);
    }
    return moves ? flattenId(pairs) : permutationId(from, to);
}

std::vector<std::string> candidates(const Parameter& from, const Parameter& to, bool sameFramework)
{
    std::vector<std::string> result{permutationId(from, to)};
    const auto add = [&](const std::string& id) {
        if (id != orderUnknownRule && std::find(result.begin(), result.end(), id) == result.end())
            result.push_back(id);
    };
    const auto found = dimensions(from, to);
    if (!found)
        return result;
    add(ruleId(from, to, sameFramework));
    if (found->mixed.size() != 1)
        return result;
    const auto t = static_cast<std::size_t>(found->mixed.front());
    const Axis& a = from.axes[static_cast<std::size_t>(found->from[t])];
    const Axis& b = to.axes[t];
    for (const Axis* known : {&a, &b}) {
        const Axis other = otherHabit(*known);
        const auto order = elementOrder(*known, other, to.source.shape[t]);
        if (known->order() == Order::Known && order && !isInOrder(*order))
            add(known == &a ? flattenId({{a, other}}) : flattenId({{other, b}}));
    }
    return result;
}

std::optional<double> neutralValue(const Parameter& parameter)
{
    if (parameter.role == "gamma")
        return 1;
    constexpr std::array<std::string_view, 5> zero{"beta", "bias", "input_bias", "recurrent_bias", "biases"};
    return std::find(zero.begin(), zero.end(), parameter.role) != zero.end() ? std::optional(0.0) : std::nullopt;
}

bool isCounter(const Parameter& parameter)
{
    return parameter.role == "count" || parameter.role == "num_batches_tracked";
}

}
