// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/equality.h"

#include "core/base/error.h"
#include "core/rules/layout.h"
#include "core/rules/rules.h"
#include "core/tensor/doubles.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace core::rules {

namespace {

Tensor readValues(const Parameter& parameter)
{
    if (!parameter.problem.empty())
        throw Error("parameter-unreadable").found(parameter.problem).at(parameter.name);
    return read(parameter.source);
}

/// Every element as a double; integers beyond 2^53 are rounded.
Tensor asDoubles(const Tensor& tensor)
{
    if (!isReal(tensor.dtype()))
        throw Error("dtype-not-numeric").expected("real numbers").found(name(tensor.dtype()));
    const auto count = static_cast<std::size_t>(tensor.count());
    auto bytes = std::make_shared<std::vector<std::byte>>(count * sizeof(double));
    toDoubles(tensor.dtype(), tensor.bytes().data(), count, reinterpret_cast<double*>(bytes->data()));
    return {DType::Float64, tensor.shape(), std::move(bytes), tensor.axes()};
}

template <typename Value>
Value element(std::span<const std::byte> bytes, std::size_t index)
{
    Value value;
    std::memcpy(&value, bytes.data() + index * sizeof(Value), sizeof(Value));
    return value;
}

template <typename Value>
ValueDifference compared(const Tensor& a, const Tensor& b)
{
    ValueDifference result;
    double greatest = 0, scale = 1;
    for (std::size_t i = 0; i < static_cast<std::size_t>(b.count()); ++i) {
        const auto left = element<Value>(a.bytes(), i), right = element<Value>(b.bytes(), i);
        result.nansFrom += std::isnan(left) ? 1 : 0;
        result.nansTo += std::isnan(right) ? 1 : 0;
        if (std::isfinite(right))
            scale = std::max(scale, std::fabs(static_cast<double>(right)));
        if (left == right || (std::isnan(left) && std::isnan(right)))
            continue;
        ++result.differing;
        const double distance = std::fabs(static_cast<double>(left) - static_cast<double>(right));
        if (result.worst < 0 || (!std::isnan(greatest) && !(distance <= greatest))) {
            greatest = distance;
            result.worst = static_cast<std::int64_t>(i);
        }
    }
    result.equal = result.differing == 0;
    result.maxAbs = greatest;
    result.scaledMax = greatest / scale;
    return result;
}

/// Of values that are in one shape and order.
ValueDifference differenceOf(const Tensor& a, const Tensor& b)
{
    const bool sameIntegers = a.dtype() == b.dtype() && !isFloating(a.dtype());
    if (sameIntegers && std::ranges::equal(a.bytes(), b.bytes()))
        return {.equal = true};
    const auto isWide = [](DType dtype) { return dtype == DType::Float64 || !isFloating(dtype); };
    if (!isWide(a.dtype()) && !isWide(b.dtype()))
        return compared<float>(a.toFloat32(), b.toFloat32());
    ValueDifference result = compared<double>(asDoubles(a), asDoubles(b));
    result.equal = result.equal && !sameIntegers; // too large for a double to tell them apart
    return result;
}

using Parameters = std::vector<const Parameter*>;

/// `values` through the rule, in their own type.
std::vector<Tensor> brought(std::string_view ruleId, const std::vector<Tensor>& values, const Parameters& from, const Parameters& to)
{
    std::vector<Parameter> targets;
    for (const Parameter* target : to) {
        targets.push_back(*target);
        targets.back().source.dtype = from.front()->source.dtype;
    }
    Parameters pointers;
    for (const Parameter& target : targets)
        pointers.push_back(&target);
    return applyRule(ruleId, values, from, pointers);
}

/// Of several parameters: the worst.
ValueDifference joined(const ValueDifference& a, const ValueDifference& b)
{
    const bool isWorse = std::isnan(b.scaledMax) || b.scaledMax > a.scaledMax;
    ValueDifference result = isWorse ? b : a;
    result.equal = a.equal && b.equal;
    result.maxAbs = std::isnan(a.maxAbs) || a.maxAbs > b.maxAbs ? a.maxAbs : b.maxAbs;
    result.differing = a.differing + b.differing;
    result.nansFrom = a.nansFrom + b.nansFrom;
    result.nansTo = a.nansTo + b.nansTo;
    return result;
}

/// A parameter that one side lacks against its neutral value.
ValueDifference neutralDifference(const Parameter& parameter)
{
    const std::optional<double> neutral = neutralValue(parameter);
    if (!neutral)
        throw Error("rule-count").expected("a parameter with a neutral value").found(parameter.role).at(parameter.name);
    const Tensor value = readValues(parameter);
    const std::vector<float> values(static_cast<std::size_t>(value.count()), static_cast<float>(*neutral));
    return differenceOf(value, Tensor::fromFloats(value.shape(), values));
}

bool isAssumed(const Parameter& parameter)
{
    return std::any_of(parameter.axes.begin(), parameter.axes.end(), [](const Axis& axis) { return axis.isAssumed; });
}

/// Whether all candidates give the same values, so that it does not matter which one is taken: they are all alike along the axis.
bool isOrderless(const Tensor& value)
{
    const std::size_t size = itemSize(value.dtype());
    for (std::size_t at = size; at < value.bytes().size(); ++at)
        if (value.bytes()[at] != value.bytes()[at - size])
            return false;
    return true;
}

/// What the values say of the order.
struct Evidence
{
    bool isOrderless = false;
    std::vector<std::string> fitting; ///< candidates through which the values are equal
};

Evidence evidenceOf(const Parameter& from, const Parameter& to, const std::vector<std::string>& ids)
{
    Evidence result;
    try {
        const Tensor a = readValues(from);
        result.isOrderless = isOrderless(a);
        if (result.isOrderless)
            return result;
        const Tensor b = readValues(to);
        std::copy_if(ids.begin(), ids.end(), std::back_inserter(result.fitting),
                     [&](const std::string& id) { return differenceOf(brought(id, {a}, {&from}, {&to}).front(), b).equal; });
        return result;
    } catch (const Error&) {
        return {}; // unreadable: the values tell nothing
    }
}

/// Whether equal bytes may be two different networks: of two frameworks, and the order along an axis known on one side and not the same on
/// the other, or on neither. What is plain on one side has one order only.
bool mayHideAnOrder(const Parameter& from, const Parameter& to)
{
    const auto found = dimensions(from, to);
    return !found || std::any_of(found->mixed.begin(), found->mixed.end(), [&](int t) {
        const Order a = from.axes[static_cast<std::size_t>(found->from[static_cast<std::size_t>(t)])].order();
        const Order b = to.axes[static_cast<std::size_t>(t)].order();
        return a == Order::Known || b == Order::Known || (a == Order::Unknown && b == Order::Unknown);
    });
}

}

std::optional<ValueDifference> valueDifference(std::string_view ruleId, const std::vector<const Parameter*>& from,
                                               const std::vector<const Parameter*>& to)
{
    if (ruleId == orderUnknownRule)
        return {};
    if (ruleId == neutralRule && from.size() + to.size() == 1)
        return neutralDifference(from.empty() ? *to.front() : *from.front());
    if (from.empty() || to.empty())
        throw Error("rule-count").expected("parameters on both sides").at(ruleId);
    std::vector<Tensor> values;
    for (const Parameter* parameter : from)
        values.push_back(readValues(*parameter));
    const std::vector<Tensor> through = brought(ruleId, values, from, to);
    ValueDifference result = differenceOf(through.front(), readValues(*to.front()));
    for (std::size_t i = 1; i < to.size(); ++i)
        result = joined(result, differenceOf(through[i], readValues(*to[i])));
    return result;
}

std::optional<ValueDifference> valueDifference(const Parameter& from, const Parameter& to, bool sameFramework)
{
    return valueDifference(chosenRule(from, to, sameFramework).id, {&from}, {&to});
}

Choice chosenRule(const Parameter& from, const Parameter& to, bool sameFramework)
{
    const std::string id = ruleId(from, to, sameFramework);
    const bool isSure = id != orderUnknownRule && !isAssumed(from) && !isAssumed(to);
    if (isSure)
        return {id, Choice::Ground::Labels};
    const bool isUnknown = id == orderUnknownRule;
    const Choice byLabels{id, isUnknown ? Choice::Ground::Labels : Choice::Ground::Assumed};
    const std::vector<std::string> ids = candidates(from, to, sameFramework);
    const std::string& asStored = ids.front();
    const Evidence evidence = evidenceOf(from, to, ids);
    const auto byValues = [&](const std::string& fitting) {
        return Choice{fitting, fitting == id ? Choice::Ground::Labels : Choice::Ground::Values};
    };
    if (evidence.isOrderless)
        return byValues(isUnknown ? asStored : id);
    if (evidence.fitting.size() != 1)
        return byLabels;
    if (evidence.fitting.front() != asStored || sameFramework || !mayHideAnOrder(from, to))
        return byValues(evidence.fitting.front());
    return asStored == id ? byLabels : Choice{std::string(orderUnknownRule), Choice::Ground::Stored};
}

std::pair<double, double> valueRange(const Parameter& parameter)
{
    const Tensor value = readValues(parameter).toFloat32();
    const auto [least, greatest] = std::ranges::minmax(value.floats());
    return {static_cast<double>(least), static_cast<double>(greatest)};
}

}
