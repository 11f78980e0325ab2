// SPDX-License-Identifier: GPL-3.0-or-later
// Parameters of one layer in each other's places: mean and variance, gamma and beta, query and key, forwards and backwards.
#include "core/compare/causes/hypotheses.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::compare {

namespace {

bool areRoles(const std::string& a, const std::string& b, std::string_view one, std::string_view other)
{
    return (a == one && b == other) || (a == other && b == one);
}

std::string exchangeId(const std::string& a, const std::string& b)
{
    return areRoles(a, b, "mean", "variance") ? "bn-mean-variance-swapped"
           : areRoles(a, b, "gamma", "beta")  ? "bn-gamma-beta-swapped"
                                              : "parameters-swapped";
}

}

std::vector<Variant> exchangeVariants(const Weights& weights, const Subject& subject)
{
    std::vector<Variant> result;
    if (weights.right.size() != 1)
        return result;
    const Parameter& parameter = *weights.right.front();
    for (const Weights& others : subject.weights)
        for (std::size_t i = 0; i < others.right.size(); ++i) {
            const Parameter& other = *others.right[i];
            const Tensor& own = weights.own.front();
            if (&others == &weights || other.source.shape != parameter.source.shape || other.source.dtype != parameter.source.dtype)
                continue;
            const std::string &a = weights.roles.front(), &b = others.roles[i];
            const bool isSame = a == b; // of two ops of the layer: directions, or what is inside of it
            const auto [first, second] = std::minmax(isSame ? parameter.name : a, isSame ? other.name : b);
            result.push_back({exchangeId(a, b),
                              fmt::format("{} and {} swapped", printable(first), printable(second)),
                              {{parameter.name, others.own[i]}, {other.name, own}}});
        }
    return result;
}

}
