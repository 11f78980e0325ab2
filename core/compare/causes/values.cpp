// SPDX-License-Identifier: GPL-3.0-or-later
// Values that are missing, were not moved, or were rounded.
#include "core/compare/causes/hypotheses.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace core::compare {

namespace {

bool areAll(const Tensor& tensor, float value)
{
    const Tensor floats = tensor.toFloat32();
    return std::all_of(floats.floats().begin(), floats.floats().end(), [&](float element) { return element == value; });
}

std::map<std::string, Tensor> expectedValues(const Weights& weights)
{
    std::map<std::string, Tensor> values;
    for (std::size_t i = 0; i < weights.right.size(); ++i)
        values.emplace(weights.right[i]->name, weights.expected[i]);
    return values;
}

bool isRounded(const std::vector<Tensor>& exact, const std::vector<Tensor>& rounded, DType dtype)
{
    for (std::size_t i = 0; i < exact.size(); ++i) {
        const Tensor again = rules::cast(exact[i].toFloat32(), dtype).toFloat32();
        if (!sameBits(again.reshaped(rounded[i].shape()), rounded[i].toFloat32()))
            return false;
    }
    return true;
}

/// In how many equal steps all values lie, 0 where they do not or are more than a byte tells.
std::size_t steps(const std::vector<Tensor>& tensors)
{
    constexpr std::size_t most = 256;
    std::set<float> values;
    std::size_t total = 0;
    for (const Tensor& tensor : tensors) {
        const Tensor floats = tensor.toFloat32();
        total += floats.floats().size();
        for (const float value : floats.floats())
            if (values.insert(value); values.size() > most || !std::isfinite(value))
                return 0;
    }
    return total > 2 * values.size() ? values.size() : 0;
}

double span(const std::vector<Tensor>& tensors)
{
    double least = 0, greatest = 0;
    for (const Tensor& tensor : tensors) {
        const Tensor floats = tensor.toFloat32();
        for (const float value : floats.floats()) {
            least = std::min(least, static_cast<double>(value));
            greatest = std::max(greatest, static_cast<double>(value));
        }
    }
    return greatest - least;
}

}

std::vector<Variant> biasVariants(const Weights& weights, const Subject& subject)
{
    if (weights.roles.size() != 1)
        return {};
    const std::optional<double> neutral = rules::neutralValue(*weights.right.front());
    if (!neutral)
        return {};
    const std::string& role = weights.roles.front();
    if (weights.left.empty())
        return {{"bias-missing", fmt::format("{} missing on the {} side", role, sideName(subject, true)), expectedValues(weights)}};
    const auto value = static_cast<float>(*neutral);
    const bool right = areAll(weights.own.front(), value), left = areAll(weights.expected.front(), value);
    if (right == left)
        return {};
    return {{"bias-missing", fmt::format("{} all {} on the {} side", role, value == 0 ? "zero" : "one", sideName(subject, left)),
             expectedValues(weights)}};
}

std::vector<Variant> storedVariants(const Weights& weights, const Subject&)
{
    // The bytes of the left as they stand there, under the right's shape: reshaped where they were to be transposed.
    if (weights.left.size() != 1 || weights.right.size() != 1 || weights.own.front().shape().size() < 2)
        return {};
    if (const Shape& shape = weights.own.front().shape(); shape.size() == 2 && shape[0] == shape[1]) // told as not transposed
        return {};
    const Tensor given = read(weights.left.front()->source).toFloat32(), own = weights.own.front().toFloat32();
    if (given.count() != own.count())
        return {};
    if (!(metrics(given.reshaped(own.shape()), own).scaledMax <= 1e-6))
        return {};
    return {{"kernel-not-transposed", fmt::format("{} reshaped where its axes were to be moved", weights.roles.front()),
             expectedValues(weights)}};
}

std::vector<Variant> precisionVariants(const Weights& weights, const Subject& subject)
{
    for (const DType dtype : {DType::Float16, DType::BFloat16})
        for (const bool onLeft : {false, true}) {
            const auto &rounded = onLeft ? weights.expected : weights.own, &exact = onLeft ? weights.own : weights.expected;
            if (isRounded(exact, rounded, dtype))
                return {{"precision",
                         fmt::format("{} rounded to {} on the {} side", weights.roles.front(), name(dtype), sideName(subject, onLeft)),
                         expectedValues(weights)}};
        }
    for (const bool onLeft : {false, true}) {
        const std::vector<Tensor>& coarse = onLeft ? weights.expected : weights.own;
        const std::size_t count = steps(coarse);
        if (count < 3)
            continue;
        const double step = span(coarse) / static_cast<double>(count - 1), limit = std::max(1.0, span(coarse));
        if (step > 0 && weights.error * limit <= 0.75 * step)
            return {{"precision",
                     fmt::format("{} quantised to {} steps on the {} side", weights.roles.front(), count, sideName(subject, onLeft)),
                     expectedValues(weights)}};
    }
    return {};
}

}
