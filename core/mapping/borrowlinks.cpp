// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/assumed.h"
#include "core/mapping/borrow.h"
#include "core/mapping/fit.h"
#include "core/mapping/ownlayers.h"
#include "core/mapping/pairs.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::mapping {

namespace {

/// Puts `name` behind the names that come before it in the model's order.
void insertInOrder(std::vector<std::string>& names, const std::string& opName, const Model& model)
{
    const int index = model.opIndex(opName);
    const auto place = std::find_if(names.begin(), names.end(), [&](const std::string& other) { return model.opIndex(other) > index; });
    names.insert(place, opName);
}

/// What differs between the file's op and the twin's at its place, as a reason; empty when nothing does.
Message differenceOf(const Sides& sides, int index)
{
    const Op& a = opAt(sides.left, index);
    const Op& b = opAt(sides.right, index);
    if (a.kind != b.kind) {
        const std::string titles[] = {opTitle(sides.left.model, a), opTitle(sides.right.model, b)};
        return {"alike", {titles[0], titles[1]}, fmt::format("{} against {}", titles[0], titles[1])};
    }
    const std::string difference = settingsDifference({a, sides.left.values}, {b, sides.right.values});
    return difference.empty() ? Message() : Message{"settings-differ", {difference}, "settings differ: " + difference};
}

/// The file's own settings count against the twin's: what shapes could not tell is known now.
void addDifferences(Mapping& mapping, const Model& left, const Model& right, bool borrowedOnLeft)
{
    const Sides sides = makeSides(left, right);
    const Model& twin = borrowedOnLeft ? right : left;
    for (int i = 0; i < static_cast<int>(std::min(left.ops.size(), right.ops.size())); ++i) {
        const Message reason = differenceOf(sides, i);
        if (reason.id.empty())
            continue;
        for (Link& link : mapping.links) {
            const std::vector<std::string>& theirs = borrowedOnLeft ? link.right : link.left;
            if (std::find(theirs.begin(), theirs.end(), twin.ops[static_cast<std::size_t>(i)].name) == theirs.end() ||
                std::find(link.reasons.begin(), link.reasons.end(), reason) != link.reasons.end())
                continue;
            std::erase_if(link.reasons, [](const Message& known) { return known.id.starts_with("same-kind"); });
            link.reasons.push_back(reason);
            link.confidence = std::max(link.confidence - 0.3, 0.05);
        }
    }
}

}

Mapping withBorrowed(Mapping mapping, const Model& borrowed, const Model& twin, bool borrowedOnLeft, bool newLinks)
{
    const std::set<std::string> assumed = borrowedLayers(borrowed);
    for (std::size_t i = 0; i < twin.ops.size() && i < borrowed.ops.size(); ++i) {
        const Op& theirs = twin.ops[i];
        const Op& ours = borrowed.ops[i];
        if (theirs.kind == "input" || !theirs.parameters.empty() || isStrange(twin, theirs) ||
            linkOfOp(mapping, theirs.name, !borrowedOnLeft))
            continue;
        const Link* known = nullptr;
        for (const int op : theirs.layer.empty() ? std::vector<int>() : twin.opsOf(theirs.layer))
            if (const Link* link = linkOfOp(mapping, twin.ops[static_cast<std::size_t>(op)].name, !borrowedOnLeft))
                known = link;
        if (!known && !newLinks)
            continue;
        if (!known) {
            Link link;
            link.confidence = 0.7;
            link.reasons = {assumed.contains(ours.layer) ? Message{"borrowed", {}, "taken from the other side"}
                                                         : Message{"named-in-file", {}, "named in the file, where the other side has it"}};
            mapping.links.push_back(std::move(link));
            known = &mapping.links.back();
        }
        Link& link = mapping.links[static_cast<std::size_t>(known - mapping.links.data())];
        insertInOrder(borrowedOnLeft ? link.left : link.right, ours.name, borrowed);
        insertInOrder(borrowedOnLeft ? link.right : link.left, theirs.name, twin);
    }
    const Model& left = borrowedOnLeft ? borrowed : twin;
    addDifferences(mapping, left, borrowedOnLeft ? twin : borrowed, borrowedOnLeft);
    std::stable_sort(mapping.links.begin(), mapping.links.end(),
                     [&](const Link& a, const Link& b) { return left.opIndex(a.left.front()) < left.opIndex(b.left.front()); });
    return mapping;
}

}
