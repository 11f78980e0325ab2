// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

namespace core::rules {

namespace {

/// Nearest binary16, ties to even (IEEE 754).
std::uint16_t toHalf(float value)
{
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000u);
    if (std::isnan(value))
        return static_cast<std::uint16_t>(sign | 0x7e00u | (bits >> 13 & 0x3ffu));
    const float magnitude = std::fabs(value);
    if (magnitude >= 65520.0f)
        return static_cast<std::uint16_t>(sign | 0x7c00u);
    if (magnitude < 6.103515625e-05f) // below the least normal: steps of 2^-24
        return static_cast<std::uint16_t>(sign | static_cast<std::uint32_t>(std::nearbyint(std::ldexp(magnitude, 24))));
    const std::uint32_t absolute = bits & 0x7fffffffu;
    const std::uint32_t rounded = absolute + 0xfffu + (absolute >> 13 & 1u);
    return static_cast<std::uint16_t>(sign | ((rounded - (112u << 23)) >> 13));
}

/// The upper half of a float, ties to even.
std::uint16_t toBrain(float value)
{
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    if (std::isnan(value))
        return static_cast<std::uint16_t>(bits >> 16 | 0x40u);
    return static_cast<std::uint16_t>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

/// The nearest number of `bits` significant ones whose exponent is not below `least`, ties to even: what a narrower format holds, so that
/// narrowing it further rounds no second time.
double rounded(double value, int bits, int least)
{
    if (value == 0 || !std::isfinite(value))
        return value;
    const int step = std::max(std::ilogb(value), least) - bits + 1;
    return std::ldexp(std::nearbyint(std::ldexp(value, -step)), step);
}

template <typename Stored, typename Source, typename Convert>
Tensor converted(const Tensor& tensor, DType dtype, Convert convert)
{
    const auto count = static_cast<std::size_t>(tensor.count());
    auto out = std::make_shared<std::vector<std::byte>>(count * sizeof(Stored));
    for (std::size_t i = 0; i < count; ++i) {
        Source value;
        std::memcpy(&value, tensor.bytes().data() + i * sizeof(Source), sizeof(Source));
        const Stored stored = convert(value);
        std::memcpy(out->data() + i * sizeof(Stored), &stored, sizeof(Stored));
    }
    return Tensor(dtype, tensor.shape(), std::move(out), tensor.axes());
}

}

Tensor cast(const Tensor& tensor, DType dtype)
{
    if (tensor.dtype() == dtype)
        return tensor;
    if (!isFloating(tensor.dtype()) || !isFloating(dtype))
        throw Error("dtype-cast").expected(name(dtype)).found(name(tensor.dtype()));
    if (tensor.dtype() == DType::Float64 && dtype == DType::Float16)
        return converted<std::uint16_t, double>(tensor, dtype,
                                                [](double value) { return toHalf(static_cast<float>(rounded(value, 11, -14))); });
    if (tensor.dtype() == DType::Float64 && dtype == DType::BFloat16)
        return converted<std::uint16_t, double>(tensor, dtype,
                                                [](double value) { return toBrain(static_cast<float>(rounded(value, 8, -126))); });
    const Tensor single = tensor.toFloat32();
    switch (dtype) {
    case DType::Float16:
        return converted<std::uint16_t, float>(single, dtype, toHalf);
    case DType::BFloat16:
        return converted<std::uint16_t, float>(single, dtype, toBrain);
    case DType::Float64:
        return converted<double, float>(single, dtype, [](float value) { return static_cast<double>(value); });
    default:
        return single;
    }
}

bool holdsExactly(DType from, DType to)
{
    if (from == to)
        return true;
    switch (to) {
    case DType::Float64:
        return isFloating(from);
    case DType::Float32:
        return from == DType::Float16 || from == DType::BFloat16;
    default:
        return false;
    }
}

}
