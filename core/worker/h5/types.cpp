// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/h5/types.h"

#include "core/base/error.h"

#include <array>
#include <optional>

namespace core::worker::h5 {

namespace {

/// Where the parts of an IEEE-like float are, in bits.
struct FloatLayout
{
    DType dtype;
    std::size_t size, sign, exponent, exponentSize, mantissaSize;
};

constexpr std::array<FloatLayout, 4> floats{{
    {DType::Float16, 2, 15, 10, 5, 10},
    {DType::BFloat16, 2, 15, 7, 8, 7},
    {DType::Float32, 4, 31, 23, 8, 23},
    {DType::Float64, 8, 63, 52, 11, 52},
}};

DType floatType(hid_t type)
{
    std::size_t sign = 0, exponent = 0, exponentSize = 0, mantissa = 0, mantissaSize = 0;
    if (H5Tget_fields(type, &sign, &exponent, &exponentSize, &mantissa, &mantissaSize) < 0)
        return DType::Opaque;
    for (const auto& f : floats)
        if (H5Tget_size(type) == f.size && sign == f.sign && exponent == f.exponent && exponentSize == f.exponentSize && mantissa == 0 &&
            mantissaSize == f.mantissaSize)
            return f.dtype;
    return DType::Opaque;
}

DType integerType(hid_t type)
{
    if (H5Tget_precision(type) != 8 * H5Tget_size(type) || H5Tget_offset(type) != 0)
        return DType::Opaque;
    const bool isSigned = H5Tget_sign(type) == H5T_SGN_2;
    switch (H5Tget_size(type)) {
    case 1:
        return isSigned ? DType::Int8 : DType::UInt8;
    case 2:
        return isSigned ? DType::Int16 : DType::UInt16;
    case 4:
        return isSigned ? DType::Int32 : DType::UInt32;
    case 8:
        return isSigned ? DType::Int64 : DType::UInt64;
    default:
        return DType::Opaque;
    }
}

// h5py stores booleans as an enumeration {FALSE, TRUE} over int8.
DType enumType(hid_t type)
{
    signed char no = -1, yes = -1;
    const bool isBool = H5Tget_size(type) == 1 && H5Tget_nmembers(type) == 2 && H5Tenum_valueof(type, "FALSE", &no) >= 0 &&
                        H5Tenum_valueof(type, "TRUE", &yes) >= 0;
    H5Eclear2(H5E_DEFAULT);
    return isBool && no == 0 && yes == 1 ? DType::Bool : DType::Opaque;
}

std::string_view className(H5T_class_t typeClass)
{
    switch (typeClass) {
    case H5T_INTEGER:
        return "integer of an unusual size";
    case H5T_FLOAT:
        return "float of an unusual size";
    case H5T_TIME:
        return "time";
    case H5T_STRING:
        return "string";
    case H5T_BITFIELD:
        return "bit field";
    case H5T_OPAQUE:
        return "opaque";
    case H5T_COMPOUND:
        return "compound";
    case H5T_REFERENCE:
        return "reference";
    case H5T_ENUM:
        return "enumeration";
    case H5T_VLEN:
        return "variable length";
    case H5T_ARRAY:
        return "array";
    default:
        return "unknown";
    }
}

}

ElementType elementType(hid_t type)
{
    ElementType result;
    const auto typeClass = H5Tget_class(type);
    result.size = H5Tget_size(type);
    result.description = className(typeClass);
    result.isOpaqueData = typeClass == H5T_OPAQUE;
    if (typeClass == H5T_INTEGER || typeClass == H5T_FLOAT) {
        const auto order = H5Tget_order(type);
        result.bigEndian = order == H5T_ORDER_BE;
        if (result.bigEndian || order == H5T_ORDER_LE)
            result.dtype = typeClass == H5T_INTEGER ? integerType(type) : floatType(type);
    } else if (typeClass == H5T_ENUM) {
        result.dtype = enumType(type);
    }
    H5Eclear2(H5E_DEFAULT);
    return result;
}

Handle fileType(DType dtype)
{
    const auto copy = [](hid_t type) { return Handle(H5Tcopy(type), H5Tclose, "a type"); };
    switch (dtype) {
    case DType::Bool:
    case DType::UInt8:
        return copy(H5T_STD_U8LE);
    case DType::Int8:
        return copy(H5T_STD_I8LE);
    case DType::UInt16:
        return copy(H5T_STD_U16LE);
    case DType::Int16:
        return copy(H5T_STD_I16LE);
    case DType::UInt32:
        return copy(H5T_STD_U32LE);
    case DType::Int32:
        return copy(H5T_STD_I32LE);
    case DType::UInt64:
        return copy(H5T_STD_U64LE);
    case DType::Int64:
        return copy(H5T_STD_I64LE);
    case DType::Float32:
        return copy(H5T_IEEE_F32LE);
    case DType::Float64:
        return copy(H5T_IEEE_F64LE);
    case DType::Float16:
    case DType::BFloat16:
        break;
    default:
        throw Error("h5-type").expected("a type that HDF5 files have").found(name(dtype));
    }
    // HDF5 has no ready-made 16-bit floats before 1.14.
    const bool half = dtype == DType::Float16;
    auto type = copy(H5T_IEEE_F32LE);
    checked(H5Tset_fields(type, 15, half ? 10 : 7, half ? 5 : 8, 0, half ? 10 : 7), "a 16-bit float");
    checked(H5Tset_size(type, 2), "a 16-bit float");
    checked(H5Tset_ebias(type, half ? 15 : 127), "a 16-bit float");
    return type;
}

}
