// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/dtype.h"

#include <array>

namespace core {

namespace {

struct Entry
{
    DType type;
    std::string_view name, shortName;
    std::size_t size;
};

constexpr std::array<Entry, 29> table{{
    {DType::Bool, "bool", "bool", 1},
    {DType::UInt8, "uint8", "u8", 1},
    {DType::Int8, "int8", "i8", 1},
    {DType::UInt16, "uint16", "u16", 2},
    {DType::Int16, "int16", "i16", 2},
    {DType::UInt32, "uint32", "u32", 4},
    {DType::Int32, "int32", "i32", 4},
    {DType::UInt64, "uint64", "u64", 8},
    {DType::Int64, "int64", "i64", 8},
    {DType::Float16, "float16", "f16", 2},
    {DType::BFloat16, "bfloat16", "bf16", 2},
    {DType::Float32, "float32", "f32", 4},
    {DType::Float64, "float64", "f64", 8},
    {DType::Complex32, "complex32", "c32", 4},
    {DType::Complex64, "complex64", "c64", 8},
    {DType::Complex128, "complex128", "c128", 16},
    {DType::QInt8, "qint8", "qi8", 1},
    {DType::QUInt8, "quint8", "qu8", 1},
    {DType::QInt32, "qint32", "qi32", 4},
    {DType::QUInt4x2, "quint4x2", "qu4", 1},
    {DType::QUInt2x4, "quint2x4", "qu2", 1},
    {DType::Float8E4M3, "float8_e4m3fn", "f8e4", 1},
    {DType::Float8E5M2, "float8_e5m2", "f8e5", 1},
    {DType::Float8E4M3Fnuz, "float8_e4m3fnuz", "f8e4z", 1},
    {DType::Float8E5M2Fnuz, "float8_e5m2fnuz", "f8e5z", 1},
    {DType::Float8E8M0, "float8_e8m0fnu", "f8e8", 1},
    {DType::Float4E2M1x2, "float4_e2m1fn_x2", "f4", 1},
    {DType::Bits8, "bits8", "b8", 1},
    {DType::Opaque, "opaque", "?", 0},
}};

const Entry& entry(DType type)
{
    return table[static_cast<std::size_t>(type)];
}

static_assert([] {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (static_cast<std::size_t>(table[i].type) != i)
            return false;
    return true;
}());

}

std::string_view name(DType type)
{
    return entry(type).name;
}

std::string_view shortName(DType type)
{
    return entry(type).shortName;
}

std::optional<DType> dtypeFromName(std::string_view wanted)
{
    for (const Entry& e : table)
        if (e.name == wanted)
            return e.type;
    return {};
}

std::size_t itemSize(DType type)
{
    return entry(type).size;
}

bool isFloating(DType type)
{
    return type == DType::Float16 || type == DType::BFloat16 || type == DType::Float32 || type == DType::Float64;
}

}
