// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace core {

/// Element types as both frameworks' files name them. Opaque ones are listed, never computed with. An element of QUInt4x2, QUInt2x4 and
/// Float4E2M1x2 is one byte that packs several numbers.
enum class DType {
    Bool,
    UInt8,
    Int8,
    UInt16,
    Int16,
    UInt32,
    Int32,
    UInt64,
    Int64,
    Float16,
    BFloat16,
    Float32,
    Float64,
    Complex32,
    Complex64,
    Complex128,
    QInt8,
    QUInt8,
    QInt32,
    QUInt4x2,
    QUInt2x4,
    Float8E4M3,
    Float8E5M2,
    Float8E4M3Fnuz,
    Float8E5M2Fnuz,
    Float8E8M0,
    Float4E2M1x2,
    Bits8,
    Opaque
};

/// "float32", "int64", "bfloat16", ... as in PyTorch and NumPy.
std::string_view name(DType type);
/// "f32", "i64", "bf16", ... for narrow columns.
std::string_view shortName(DType type);
std::optional<DType> dtypeFromName(std::string_view name);
/// Bytes of one element; 0 for Opaque.
std::size_t itemSize(DType type);
/// Float16, BFloat16, Float32, Float64: what an engine can compute with after widening or narrowing to float32.
bool isFloating(DType type);

}
