// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/equality.h"

#include "core/base/error.h"
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

}

ValueDifference valueDifference(const Parameter& from, const Parameter& to)
{
    const Tensor b = readValues(to);
    Parameter target = to;
    target.source.dtype = from.source.dtype;
    const Tensor a = applyRule(ruleId(from, to), {readValues(from)}, {&from}, {&target}).front();
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

}
