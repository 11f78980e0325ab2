// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/inputs.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::mapping {

namespace {

std::string namesOf(const Model& model, const std::vector<int>& ops)
{
    std::vector<std::string> names;
    for (const int op : ops)
        names.push_back(printable(model.ops[static_cast<std::size_t>(op)].name));
    return fmt::format("{} input{} ({})", names.size(), names.size() == 1 ? "" : "s", fmt::join(names, ", "));
}

/// The link of the only op that an input feeds, and at which place.
std::pair<const Link*, std::size_t> fedLink(const Mapping& mapping, const Model& model, int input, bool onLeft)
{
    std::pair<const Link*, std::size_t> result{nullptr, 0};
    int consumers = 0;
    for (const Op& op : model.ops) {
        const auto place = std::find_if(op.inputs.begin(), op.inputs.end(), [&](const Input& one) { return one.port.op == input; });
        if (place == op.inputs.end())
            continue;
        ++consumers;
        const auto link = std::find_if(mapping.links.begin(), mapping.links.end(), [&](const Link& candidate) {
            const auto& names = onLeft ? candidate.left : candidate.right;
            return std::find(names.begin(), names.end(), op.name) != names.end();
        });
        result = {link == mapping.links.end() ? nullptr : &*link, static_cast<std::size_t>(place - op.inputs.begin())};
    }
    return consumers == 1 ? result : std::pair<const Link*, std::size_t>{nullptr, 0};
}

template <typename Same>
void take(std::vector<int>& left, std::vector<int>& right, PairedOps& pairs, Same same)
{
    std::erase_if(left, [&](int a) {
        const auto mate = std::find_if(right.begin(), right.end(), [&](int b) { return same(a, b); });
        if (mate == right.end())
            return false;
        pairs.emplace_back(a, *mate);
        right.erase(mate);
        return true;
    });
}

}

PairedOps pairedInputs(const Model& left, const Model& right, const Mapping& mapping)
{
    std::vector<int> leftOps = left.inputOps(), rightOps = right.inputOps();
    if (leftOps.size() != rightOps.size())
        throw Error("inputs-differ")
            .file(right.origin.path)
            .expected(fmt::format("{} as in {}", namesOf(left, leftOps), printable(left.origin.path)))
            .found(namesOf(right, rightOps));
    PairedOps pairs;
    take(leftOps, rightOps, pairs,
         [&](int a, int b) { return left.ops[static_cast<std::size_t>(a)].name == right.ops[static_cast<std::size_t>(b)].name; });
    take(leftOps, rightOps, pairs, [&](int a, int b) {
        const auto fed = fedLink(mapping, left, a, true);
        return fed.first && fed == fedLink(mapping, right, b, false);
    });
    for (std::size_t i = 0; i < leftOps.size(); ++i)
        pairs.emplace_back(leftOps[i], rightOps[i]);
    std::sort(pairs.begin(), pairs.end());
    return pairs;
}

}
