// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/fit.h"
#include "core/mapping/links.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace core::mapping {

namespace {

constexpr int valueBonus = 50;

using Found = std::vector<std::pair<Pairing, Evidence>>;

/// Ops that take part: all but inputs; without wiring only those with parameters.
std::vector<int> participants(const Model& model, bool wired)
{
    std::vector<int> result;
    for (std::size_t i = 0; i < model.ops.size(); ++i)
        if (model.ops[i].kind != "input" && (wired || !model.ops[i].parameters.empty()))
            result.push_back(static_cast<int>(i));
    return result;
}

/// Whether all parameters that two ops share have the same values; reads them once for each pair asked about.
class ValueOracle
{
public:
    explicit ValueOracle(const Sides& sides) : m_sides(sides) {}
    bool equal(int left, int right)
    {
        const auto [known, isNew] = m_known.try_emplace({left, right}, false);
        if (isNew) {
            const std::vector<ParameterLink> links =
                parameterLinks(m_sides.left.model, opAt(m_sides.left, left), m_sides.right.model, opAt(m_sides.right, right));
            known->second = !links.empty() && std::all_of(links.begin(), links.end(), [&](const ParameterLink& link) {
                return equalValues(link, m_sides.left.model, m_sides.right.model).value_or(false);
            });
        }
        return known->second;
    }

private:
    const Sides& m_sides;
    std::map<std::pair<int, int>, bool> m_known;
};

/// The alignment, where it leaves a tie once more with the values' say.
Alignment settled(const Sides& sides, Matcher& matcher, const std::vector<int>& left, const std::vector<int>& right, ValueOracle* values)
{
    Alignment result = align(matcher, sides, left, right);
    if (!values || result.contested.empty())
        return result;
    std::set<std::pair<int, int>> open;
    for (const Pairing& pairing : result.contested)
        open.insert(mainPair(sides, pairing));
    return align(matcher, sides, left, right, [&](int l, int r) { return open.contains({l, r}) && values->equal(l, r) ? valueBonus : 0; });
}

/// Ops of a list that no pairing of `found` holds.
std::vector<int> leftOver(const std::vector<int>& ops, const Found& found, const std::vector<int> Pairing::*side)
{
    std::set<int> taken;
    for (const auto& [pairing, evidence] : found)
        taken.insert((pairing.*side).begin(), (pairing.*side).end());
    std::vector<int> result;
    std::copy_if(ops.begin(), ops.end(), std::back_inserter(result), [&](int op) { return !taken.contains(op); });
    return result;
}

/// Links leftovers that have each other as the only candidate by `fits`; what each may be paired with otherwise goes to `open`.
template <typename Fits>
std::vector<Pairing> onlyCandidates(const std::vector<int>& left, const std::vector<int>& right, Fits fits, std::vector<Pairing>& open)
{
    std::map<int, std::vector<int>> ofLeft, ofRight;
    for (const int l : left)
        for (const int r : right)
            if (fits(l, r)) {
                ofLeft[l].push_back(r);
                ofRight[r].push_back(l);
            }
    std::vector<Pairing> result;
    open.clear();
    for (const auto& [l, candidates] : ofLeft)
        for (const int r : candidates)
            (candidates.size() == 1 && ofRight[r].size() == 1 ? result : open).push_back({{l}, {r}});
    return result;
}

/// Without wiring the order in the file may not be that of computation: what is left may have one mate all the same.
std::vector<Pairing> pairLeftOvers(Matcher& matcher, const std::vector<int>& left, const std::vector<int>& right, ValueOracle* values,
                                   Found& found, const Evidence& evidence)
{
    std::vector<Pairing> open;
    const auto fits = [&](int l, int r) { return matcher.score(l, r) > 0; };
    const auto same = [&](int l, int r) { return fits(l, r) && values->equal(l, r); };
    for (const bool byValue : {true, false}) {
        if (byValue && !values)
            continue;
        const std::vector<int> restLeft = leftOver(left, found, &Pairing::left), restRight = leftOver(right, found, &Pairing::right);
        const std::vector<Pairing> pairs =
            byValue ? onlyCandidates(restLeft, restRight, same, open) : onlyCandidates(restLeft, restRight, fits, open);
        for (const Pairing& pairing : pairs)
            found.emplace_back(pairing, evidence);
    }
    return open;
}

Message whyAmbiguous(const std::vector<std::string>& left, const std::vector<std::string>& right)
{
    return {"equal-worth",
            {std::to_string(left.size()), std::to_string(right.size())},
            fmt::format("{} on the left and {} on the right fit each other equally well: kinds, shapes, order and values leave it open",
                        left.size(), right.size())};
}

/// Contested pairs joined where they share an op or a layer.
std::vector<Ambiguity> ambiguities(const Sides& sides, const std::vector<Pairing>& contested)
{
    struct Cluster
    {
        std::set<int> left, right;
        std::set<std::string> layersLeft, layersRight;
    };
    std::vector<Cluster> clusters;
    const auto meet = [](const auto& a, const auto& b) {
        return std::any_of(a.begin(), a.end(), [&](const auto& x) { return b.contains(x); });
    };
    const auto named = [](const Labelled& side, const std::vector<int>& ops) {
        std::set<std::string> names;
        for (const int op : ops)
            names.insert(opAt(side, op).layer);
        names.erase("");
        return names;
    };
    for (const Pairing& pairing : contested) {
        Cluster cluster{{pairing.left.begin(), pairing.left.end()},
                        {pairing.right.begin(), pairing.right.end()},
                        named(sides.left, pairing.left),
                        named(sides.right, pairing.right)};
        for (auto other = clusters.begin(); other != clusters.end();) {
            if (meet(cluster.left, other->left) || meet(cluster.right, other->right) || meet(cluster.layersLeft, other->layersLeft) ||
                meet(cluster.layersRight, other->layersRight)) {
                cluster.left.merge(other->left);
                cluster.right.merge(other->right);
                cluster.layersLeft.merge(other->layersLeft);
                cluster.layersRight.merge(other->layersRight);
                other = clusters.erase(other);
            } else {
                ++other;
            }
        }
        clusters.push_back(std::move(cluster));
    }
    std::sort(clusters.begin(), clusters.end(), [](const Cluster& a, const Cluster& b) { return *a.left.begin() < *b.left.begin(); });
    std::vector<Ambiguity> result;
    for (const Cluster& cluster : clusters) {
        Ambiguity ambiguity;
        for (const int op : cluster.left)
            ambiguity.left.push_back(opAt(sides.left, op).name);
        for (const int op : cluster.right)
            ambiguity.right.push_back(opAt(sides.right, op).name);
        ambiguity.why = whyAmbiguous(ambiguity.left, ambiguity.right);
        result.push_back(std::move(ambiguity));
    }
    return result;
}

}

Mapping autoMap(const Model& left, const Model& right, bool compareValues)
{
    const Sides sides = makeSides(left, right);
    Matcher matcher(sides);
    ValueOracle oracle(sides);
    ValueOracle* values = compareValues ? &oracle : nullptr;
    const std::vector<int> opsLeft = participants(sides.left.model, sides.wired), opsRight = participants(sides.right.model, sides.wired);
    const Alignment alignment = settled(sides, matcher, opsLeft, opsRight, values);
    Found found;
    for (const Pairing& pairing : alignment.certain)
        found.emplace_back(pairing, Evidence{true, compareValues});
    std::vector<Pairing> contested = alignment.contested;
    if (!sides.wired)
        contested = pairLeftOvers(matcher, opsLeft, opsRight, values, found, Evidence{false, compareValues});
    return {makeLinks(sides, matcher, found, LinkOrigin::Auto), ambiguities(sides, contested)};
}

Mapping withEquality(Mapping mapping, const Model& left, const Model& right)
{
    const Sides sides = makeSides(left, right);
    for (Link& link : mapping.links)
        for (ParameterLink& parameter : link.parameters)
            parameter.equal = equalValues(parameter, sides.left.model, sides.right.model);
    return mapping;
}

}
