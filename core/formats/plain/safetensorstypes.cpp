// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/plain/safetensorstypes.h"
#include "core/formats/plain/safetensorswriter.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::formats {

namespace {

struct Row
{
    std::string_view name;
    DType dtype;
    std::uint64_t bits;
};

constexpr std::array table{
    Row{"F32", DType::Float32, 32},
    Row{"F16", DType::Float16, 16},
    Row{"BF16", DType::BFloat16, 16},
    Row{"F64", DType::Float64, 64},
    Row{"I64", DType::Int64, 64},
    Row{"I32", DType::Int32, 32},
    Row{"I16", DType::Int16, 16},
    Row{"I8", DType::Int8, 8},
    Row{"U8", DType::UInt8, 8},
    Row{"U16", DType::UInt16, 16},
    Row{"U32", DType::UInt32, 32},
    Row{"U64", DType::UInt64, 64},
    Row{"BOOL", DType::Bool, 8},
    Row{"C64", DType::Complex64, 64},
    Row{"F8_E4M3", DType::Float8E4M3, 8},
    Row{"F8_E5M2", DType::Float8E5M2, 8},
    Row{"F8_E8M0", DType::Float8E8M0, 8},
    Row{"F8_E4M3FNUZ", DType::Float8E4M3Fnuz, 8},
    Row{"F8_E5M2FNUZ", DType::Float8E5M2Fnuz, 8},
    Row{"F4", DType::Float4E2M1x2, 4},
    Row{"F6_E2M3", DType::Opaque, 6},
    Row{"F6_E3M2", DType::Opaque, 6},
};

}

SafetensorsType safetensorsType(std::string_view name, const Shape& shape)
{
    SafetensorsType type;
    type.shape = shape;
    const auto row = std::find_if(table.begin(), table.end(), [&](const Row& r) { return r.name == name; });
    if (row == table.end()) {
        type.problem = fmt::format("its type {} is not known here", printable(name, 40));
        return type;
    }
    type.bits = row->bits;
    std::uint64_t count = 0;
    try {
        count = static_cast<std::uint64_t>(elementCount(shape));
    } catch (const Error&) {
        type.problem = fmt::format("its shape {} has more elements than can be counted", text(shape));
        type.shape.clear();
        return type;
    }
    const std::uint64_t whole = count / 8 * row->bits, rest = count % 8 * row->bits;
    type.bytes = whole + rest / 8;
    if (rest % 8 != 0) {
        type.problem = fmt::format("{} numbers of {} bits do not fill whole bytes", count, row->bits);
    } else if (row->dtype == DType::Float4E2M1x2 && (shape.empty() || shape.back() % 2 != 0)) {
        type.problem = "its last axis packs two numbers of 4 bits into a byte and is odd";
    } else {
        type.dtype = row->dtype;
        if (row->dtype == DType::Float4E2M1x2)
            type.shape.back() /= 2;
        else if (row->dtype == DType::Opaque)
            type.problem = fmt::format("numbers of 6 bits ({}) are listed only", name);
    }
    return type;
}

std::string_view safetensorsName(DType dtype)
{
    const auto row = std::find_if(table.begin(), table.end(), [&](const Row& r) { return r.dtype == dtype; });
    return row == table.end() || dtype == DType::Opaque || dtype == DType::Float4E2M1x2 ? std::string_view() : row->name;
}

}
