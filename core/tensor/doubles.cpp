// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/doubles.h"

#include "core/tensor/minifloat.h"

#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <cstring>

namespace core {

namespace {

template <typename Stored, typename Convert>
void each(const std::byte* elements, std::size_t count, double* out, Convert convert)
{
    for (std::size_t i = 0; i < count; ++i) {
        Stored stored;
        std::memcpy(&stored, elements + i * sizeof(Stored), sizeof(Stored));
        out[i] = static_cast<double>(convert(stored));
    }
}

template <typename Stored>
void cast(const std::byte* elements, std::size_t count, double* out)
{
    each<Stored>(elements, count, out, [](Stored value) { return value; });
}

/// binary16 without branches: the exponent is moved by a multiplication, which makes subnormal numbers normal.
float half(std::uint16_t bits)
{
    const float magnitude = std::bit_cast<float>(static_cast<std::uint32_t>(bits & 0x7fffu) << 13) * 0x1p112f;
    const std::uint32_t special = (bits & 0x7c00u) == 0x7c00u ? 0x7f800000u : 0u;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(magnitude) | special | static_cast<std::uint32_t>(bits & 0x8000u) << 16);
}

using Table = std::array<float, 256>;

Table tableOf(float (*convert)(std::uint8_t))
{
    Table table{};
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = convert(static_cast<std::uint8_t>(i));
    return table;
}

void look(const Table& table, const std::byte* elements, std::size_t count, double* out)
{
    each<std::uint8_t>(elements, count, out, [&](std::uint8_t bits) { return table[bits]; });
}

}

bool isReal(DType dtype)
{
    switch (dtype) {
    case DType::Complex32:
    case DType::Complex64:
    case DType::Complex128:
    case DType::QUInt4x2:
    case DType::QUInt2x4:
    case DType::Float4E2M1x2:
    case DType::Bits8:
    case DType::Opaque:
        return false;
    default:
        return true;
    }
}

void toDoubles(DType dtype, const std::byte* elements, std::size_t count, double* out)
{
    static const Table e4m3 = tableOf(fromFloat8E4M3), e5m2 = tableOf(fromFloat8E5M2), e4m3Fnuz = tableOf(fromFloat8E4M3Fnuz),
                       e5m2Fnuz = tableOf(fromFloat8E5M2Fnuz), e8m0 = tableOf(fromFloat8E8M0);
    switch (dtype) {
    case DType::Float32:
        return cast<float>(elements, count, out);
    case DType::Float64:
        return cast<double>(elements, count, out);
    case DType::Float16:
        return each<std::uint16_t>(elements, count, out, half);
    case DType::BFloat16:
        return each<std::uint16_t>(elements, count, out,
                                   [](std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); });
    case DType::Float8E4M3:
        return look(e4m3, elements, count, out);
    case DType::Float8E5M2:
        return look(e5m2, elements, count, out);
    case DType::Float8E4M3Fnuz:
        return look(e4m3Fnuz, elements, count, out);
    case DType::Float8E5M2Fnuz:
        return look(e5m2Fnuz, elements, count, out);
    case DType::Float8E8M0:
        return look(e8m0, elements, count, out);
    case DType::Bool:
        return each<std::uint8_t>(elements, count, out, [](std::uint8_t value) { return value != 0 ? 1 : 0; });
    case DType::UInt8:
    case DType::QUInt8:
        return cast<std::uint8_t>(elements, count, out);
    case DType::Int8:
    case DType::QInt8:
        return cast<std::int8_t>(elements, count, out);
    case DType::UInt16:
        return cast<std::uint16_t>(elements, count, out);
    case DType::Int16:
        return cast<std::int16_t>(elements, count, out);
    case DType::UInt32:
        return cast<std::uint32_t>(elements, count, out);
    case DType::Int32:
    case DType::QInt32:
        return cast<std::int32_t>(elements, count, out);
    case DType::UInt64:
        return cast<std::uint64_t>(elements, count, out);
    case DType::Int64:
        return cast<std::int64_t>(elements, count, out);
    default:
        assert(!isReal(dtype));
    }
}

}
