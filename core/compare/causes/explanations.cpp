// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/causes/explanations.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::compare {

namespace {

/// Weights of another layer of equal shape that are what is expected here.
std::vector<Variant> swappedLayers(const Weights& weights, const Subject& subject, const Suspects& suspects)
{
    std::vector<Variant> result;
    if (weights.right.size() != 1)
        return result;
    for (const Subject& other : suspects)
        for (const Weights& theirs : other.weights) {
            const bool isOther = other.rightLayer != subject.rightLayer && theirs.differs && theirs.right.size() == 1;
            if (!isOther || theirs.own.front().shape() != weights.own.front().shape() ||
                theirs.own.front().dtype() != weights.own.front().dtype() || theirs.right.front() == weights.right.front())
                continue;
            result.push_back({"layers-swapped",
                              fmt::format("{} and {} swapped", printable(std::min(subject.rightLayer, other.rightLayer)),
                                          printable(std::max(subject.rightLayer, other.rightLayer))),
                              {{weights.right.front()->name, theirs.own.front()}, {theirs.right.front()->name, weights.own.front()}}});
        }
    return result;
}

void explain(std::vector<Explanation>& result, std::size_t place, const Weights& weights, const std::vector<Variant>& variants,
             double tolerance)
{
    for (const Variant& variant : variants) {
        if (!vanished(weights.error, distance(withVariant(weights, variant), weights.expected), tolerance))
            continue;
        auto known = std::find_if(result.begin(), result.end(), [&](const Explanation& other) {
            return other.isNamed && other.id == variant.id && other.what == variant.what;
        });
        if (known == result.end())
            known = result.insert(result.end(), {variant.id, variant.what, {}, {}});
        known->weights.insert(place);
        for (const auto& [name, values] : variant.values)
            known->repair.values.emplace(name, values);
    }
}

void addValues(Explanation& rest, std::size_t place, const Weights& weights)
{
    std::string how = describe(weights, rest.elements);
    rest.what += (rest.what.empty() ? "" : "; ") + how;
    rest.weights.insert(place);
    for (std::size_t k = 0; k < weights.right.size(); ++k)
        rest.repair.values.emplace(weights.right[k]->name, weights.expected[k]);
}

/// A bias that is zero in a layer that was trained otherwise, or not at all, is none that went missing.
void addNeutral(Explanation& rest, std::vector<Explanation>& explanations, const Subject& subject)
{
    for (const Explanation& explanation : explanations)
        if (explanation.id == "bias-missing")
            for (const std::size_t place : explanation.weights)
                if (!subject.weights[place].left.empty() && !rest.weights.contains(place))
                    addValues(rest, place, subject.weights[place]);
    std::erase_if(explanations, [&](const Explanation& explanation) {
        return explanation.id == "bias-missing" && std::all_of(explanation.weights.begin(), explanation.weights.end(),
                                                               [&](std::size_t place) { return rest.weights.contains(place); });
    });
}

}

std::vector<Tensor> withVariant(const Weights& weights, const Variant& variant)
{
    std::vector<Tensor> values = weights.own;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (const auto found = variant.values.find(weights.right[i]->name); found != variant.values.end())
            values[i] = found->second;
    return values;
}

std::vector<Explanation> explanationsOf(const Subject& subject, const Suspects& suspects, const Progress& progress)
{
    std::vector<Explanation> result;
    Explanation rest{"weights-differ", {}, {}, {}, false};
    for (std::size_t i = 0; i < subject.weights.size(); ++i) {
        const Weights& weights = subject.weights[i];
        if (!weights.differs || weights.expected.empty())
            continue;
        for (const Rearrangement& rearrangement : rearrangements()) {
            progress.report(0);
            explain(result, i, weights, rearrangement.variants(weights, subject), subject.tolerance);
        }
        explain(result, i, weights, swappedLayers(weights, subject, suspects), subject.tolerance);
        if (std::any_of(result.begin(), result.end(), [&](const Explanation& known) { return known.weights.contains(i); }))
            continue;
        addValues(rest, i, weights);
    }
    if (!rest.weights.empty() && rest.elements.empty())
        addNeutral(rest, result, subject);
    if (!rest.weights.empty()) {
        rest.what = "weights differ: " + rest.what;
        result.push_back(std::move(rest));
    }
    return result;
}

}
