// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/tensor/tensor.h"

#include <bit>
#include <cmath>
#include <cstring>

namespace core {

namespace {

/// IEEE 754 binary16.
float fromHalf(std::uint16_t bits)
{
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000u) << 16;
    const std::uint32_t exponent = (bits >> 10) & 31u, fraction = bits & 0x3ffu;
    if (exponent == 31)
        return std::bit_cast<float>(sign | 0x7f800000u | fraction << 13);
    if (exponent != 0)
        return std::bit_cast<float>(sign | (exponent + 112u) << 23 | fraction << 13);
    const float magnitude = std::ldexp(static_cast<float>(fraction), -24);
    return sign ? -magnitude : magnitude;
}

float fromBrain(std::uint16_t bits)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

template <typename Stored, typename Convert>
Tensor converted(const Tensor& tensor, Convert convert)
{
    auto out = std::make_shared<std::vector<std::byte>>(static_cast<std::size_t>(tensor.count()) * sizeof(float));
    const std::byte* in = tensor.bytes().data();
    for (std::size_t i = 0; i < static_cast<std::size_t>(tensor.count()); ++i) {
        Stored stored;
        std::memcpy(&stored, in + i * sizeof(Stored), sizeof(Stored));
        const float value = convert(stored);
        std::memcpy(out->data() + i * sizeof(float), &value, sizeof(float));
    }
    return Tensor(DType::Float32, tensor.shape(), std::move(out), tensor.axes());
}

template <typename Stored>
Tensor cast(const Tensor& tensor)
{
    return converted<Stored>(tensor, [](Stored value) { return static_cast<float>(value); });
}

}

Tensor Tensor::toFloat32() const
{
    switch (m_dtype) {
    case DType::Float32:
        return *this;
    case DType::Float16:
        return converted<std::uint16_t>(*this, fromHalf);
    case DType::BFloat16:
        return converted<std::uint16_t>(*this, fromBrain);
    case DType::Float64:
        return cast<double>(*this);
    case DType::Bool:
    case DType::UInt8:
        return cast<std::uint8_t>(*this);
    case DType::Int8:
        return cast<std::int8_t>(*this);
    case DType::UInt16:
        return cast<std::uint16_t>(*this);
    case DType::Int16:
        return cast<std::int16_t>(*this);
    case DType::UInt32:
        return cast<std::uint32_t>(*this);
    case DType::Int32:
        return cast<std::int32_t>(*this);
    case DType::UInt64:
        return cast<std::uint64_t>(*this);
    case DType::Int64:
        return cast<std::int64_t>(*this);
    default:
        break;
    }
    throw Error("dtype-not-numeric").expected("a real number type").found(name(m_dtype));
}

}
