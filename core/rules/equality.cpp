// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/equality.h"

#include "core/base/error.h"
#include "core/rules/rules.h"

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
    double greatest = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(b.count()); ++i) {
        const auto left = element<Value>(a.bytes(), i), right = element<Value>(b.bytes(), i);
        if (left == right || (std::isnan(left) && std::isnan(right)))
            continue;
        if (std::isnan(left) || std::isnan(right))
            return {false, std::numeric_limits<double>::quiet_NaN()};
        greatest = std::max(greatest, std::fabs(static_cast<double>(left) - static_cast<double>(right)));
    }
    return {greatest == 0, greatest};
}

}

ValueDifference valueDifference(const Parameter& from, const Parameter& to)
{
    const Tensor b = readValues(to);
    Parameter target = to;
    target.source.dtype = from.source.dtype;
    const Tensor a = applyRule(ruleId(from, to), {readValues(from)}, {&from}, {&target}).front();
    const bool doubles = a.dtype() == DType::Float64 || b.dtype() == DType::Float64;
    if (isFloating(a.dtype()) && isFloating(b.dtype()) && doubles)
        return compared<double>(cast(a, DType::Float64), cast(b, DType::Float64));
    if (a.dtype() == b.dtype() && !isFloating(a.dtype())) {
        const bool equal = std::ranges::equal(a.bytes(), b.bytes());
        return {equal, equal ? 0 : compared<float>(a.toFloat32(), b.toFloat32()).maxAbs};
    }
    return compared<float>(a.toFloat32(), b.toFloat32());
}

}
