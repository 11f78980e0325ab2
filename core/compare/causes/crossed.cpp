// SPDX-License-Identifier: GPL-3.0-or-later
// Layers that are linked crosswise: each holds what the other should, so that by their weights they belong to each other's places.
#include "core/compare/causes/search.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::compare {

namespace {

/// Whether what op `later` gives depends on `earlier`.
bool isBefore(const Model& model, int earlier, int later)
{
    std::vector<bool> needed(model.ops.size());
    needed[static_cast<std::size_t>(later)] = true;
    for (int op = later; op > earlier; --op)
        if (needed[static_cast<std::size_t>(op)])
            for (const int producer : producers(model.ops[static_cast<std::size_t>(op)]))
                if (producer >= 0)
                    needed[static_cast<std::size_t>(producer)] = true;
    return earlier < later && needed[static_cast<std::size_t>(earlier)];
}

/// The only op of a link's side that has parameters, -1 where there is none or are several.
int weightedOp(const Model& model, const std::vector<std::string>& names)
{
    int found = -1;
    for (const std::string& name : names)
        if (const int op = model.opIndex(name); op >= 0 && !model.ops[static_cast<std::size_t>(op)].parameters.empty()) {
            if (found >= 0)
                return -1;
            found = op;
        }
    return found;
}

struct Weighted
{
    std::size_t link;
    int left, right;
};

/// The mapping with both links' right sides in each other's places, the weighted ops alone.
mapping::Mapping uncrossedLinks(mapping::Mapping links, const Weighted& a, const Weighted& b, const Model& left, const Model& right)
{
    mapping::Link &first = links.links[a.link], &second = links.links[b.link];
    const auto leftName = [&](int op) { return left.ops[static_cast<std::size_t>(op)].name; };
    const auto rightName = [&](int op) { return right.ops[static_cast<std::size_t>(op)].name; };
    first.left = {leftName(a.left)};
    first.right = {rightName(b.right)};
    second.left = {leftName(b.left)};
    second.right = {rightName(a.right)};
    for (std::size_t i = 0; i < std::min(first.parameters.size(), second.parameters.size()); ++i)
        std::swap(first.parameters[i].right, second.parameters[i].right);
    return links;
}

Outcome outcomeAlone(int leftOp, int rightOp, const Bench& bench, const Progress& progress)
{
    for (const Alone& alone : alonesOf({{leftOp}, {rightOp}}, bench)) {
        try {
            const auto result = runPart(partOf(bench.right.model, alone.right), {}, alone.feeds, progress);
            if (const Outcome outcome = outcomeOf(alone, result ? &*result : nullptr, bench); outcome.isKnown())
                return outcome;
        } catch (const Error&) { // it cannot run on these values
        }
    }
    return {};
}

}

Uncrossed uncrossed(const Side& left, const Side& right, const mapping::Mapping& mapping, double tolerance, const Progress& progress)
{
    Uncrossed result{mapping, {}};
    std::vector<Weighted> weighted;
    for (std::size_t i = 0; i < mapping.links.size(); ++i)
        if (const int a = weightedOp(*left.model, mapping.links[i].left), b = weightedOp(*right.model, mapping.links[i].right);
            a >= 0 && b >= 0)
            weighted.push_back({i, a, b});
    for (const Weighted& a : weighted)
        for (const Weighted& b : weighted) {
            const Op &first = right.model->ops[static_cast<std::size_t>(a.right)],
                     &second = right.model->ops[static_cast<std::size_t>(b.right)];
            if (a.left >= b.left || a.right <= b.right || first.kind != second.kind || !isBefore(*left.model, a.left, b.left) ||
                !isBefore(*right.model, b.right, a.right))
                continue;
            const Repair repair = exchangedWeights(first, second, *right.model);
            if (repair.isEmpty())
                continue;
            progress.report(0);
            const mapping::Mapping links = uncrossedLinks(result.mapping, a, b, *left.model, *right.model);
            const Model exchanged = repaired(*right.model, repair);
            const Bench now(left, *right.model, right.trace, links), then(left, exchanged, right.trace, links);
            std::vector<Cause> causes;
            for (const auto& [leftOp, rightOp] : {std::pair(a.left, b.right), std::pair(b.left, a.right)}) {
                const Outcome before = outcomeAlone(leftOp, rightOp, now, progress.part(0, 0)),
                              after = outcomeAlone(leftOp, rightOp, then, progress.part(0, 0));
                if (!before.isKnown() || !after.metrics || !vanished(before.error(), after.error(), tolerance))
                    break;
                Cause cause;
                cause.id = "layers-swapped";
                cause.left = layerOf(*left.model, leftOp);
                cause.right = layerOf(*right.model, rightOp);
                cause.proved = true;
                cause.text =
                    fmt::format("{} and {} hold each other's weights; undone, max |d| is {}", printable(layerOf(*right.model, b.right)),
                                printable(layerOf(*right.model, a.right)), shortNumber(after.metrics->maxAbs));
                cause.errorBefore = before.error();
                cause.errorAfter = after.error();
                cause.repair = repair;
                causes.push_back(std::move(cause));
            }
            if (causes.size() < 2)
                continue;
            result.mapping = links;
            result.causes.insert(result.causes.end(), causes.begin(), causes.end());
        }
    return result;
}

}
