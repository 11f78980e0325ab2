// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/tensor/minifloat.h"
#include "core/tensor/tensor.h"

#include <cstring>

namespace core {

namespace {

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
    case DType::Float8E4M3:
        return converted<std::uint8_t>(*this, fromFloat8E4M3);
    case DType::Float8E5M2:
        return converted<std::uint8_t>(*this, fromFloat8E5M2);
    case DType::Float8E4M3Fnuz:
        return converted<std::uint8_t>(*this, fromFloat8E4M3Fnuz);
    case DType::Float8E5M2Fnuz:
        return converted<std::uint8_t>(*this, fromFloat8E5M2Fnuz);
    case DType::Float8E8M0:
        return converted<std::uint8_t>(*this, fromFloat8E8M0);
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
