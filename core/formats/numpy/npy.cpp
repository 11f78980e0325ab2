// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/numpy/npy.h"
#include "core/base/error.h"
#include "core/files/atomicfile.h"
#include "core/formats/numpy/npyheader.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/format.h>
#include <numeric>

namespace core::formats {

namespace {

constexpr std::string_view magic("\x93NUMPY", 6);

struct TypeCode
{
    std::string_view code; ///< without the byte order
    DType dtype;
};
constexpr std::array typeCodes{
    TypeCode{"b1", DType::Bool},      TypeCode{"u1", DType::UInt8},       TypeCode{"i1", DType::Int8},    TypeCode{"u2", DType::UInt16},
    TypeCode{"i2", DType::Int16},     TypeCode{"u4", DType::UInt32},      TypeCode{"i4", DType::Int32},   TypeCode{"u8", DType::UInt64},
    TypeCode{"i8", DType::Int64},     TypeCode{"f2", DType::Float16},     TypeCode{"f4", DType::Float32}, TypeCode{"f8", DType::Float64},
    TypeCode{"c8", DType::Complex64}, TypeCode{"c16", DType::Complex128},
};

DType dtypeOf(std::string_view descr, std::string_view where)
{
    const std::string_view code = descr.empty() ? descr : descr.substr(1);
    const auto it = std::find_if(typeCodes.begin(), typeCodes.end(), [&](const TypeCode& type) { return type.code == code; });
    if (it == typeCodes.end() || std::string_view("<>|=").find(descr.front()) == std::string_view::npos)
        throw Error("npy-dtype").file(where).expected("numbers (b1, u1 to i8, f2 to f8, c8, c16)").found(printable(descr));
    return it->dtype;
}

void swapBytes(std::vector<std::byte>& bytes, std::size_t unit)
{
    for (std::size_t i = 0; unit > 1 && i + unit <= bytes.size(); i += unit)
        std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i), bytes.begin() + static_cast<std::ptrdiff_t>(i + unit));
}

std::size_t unsignedAt(std::span<const std::byte> bytes, std::size_t offset, std::size_t length)
{
    std::size_t value = 0;
    for (std::size_t i = 0; i < length; ++i)
        value |= std::to_integer<std::size_t>(bytes[offset + i]) << (8 * i);
    return value;
}

}

Tensor readNpy(std::span<const std::byte> bytes, std::string_view where)
{
    if (bytes.size() < 10 || std::memcmp(bytes.data(), magic.data(), magic.size()) != 0)
        throw Error("npy-magic").file(where).expected("a NumPy array (.npy)").found(bytes.empty() ? "an empty file" : "other content");
    const auto version = std::to_integer<int>(bytes[6]);
    if (version < 1 || version > 3)
        throw Error("npy-version").file(where).expected("version 1, 2 or 3").found(fmt::format("{}", version));
    const std::size_t lengthBytes = version == 1 ? 2 : 4, start = 8 + lengthBytes;
    if (bytes.size() < start || unsignedAt(bytes, 8, lengthBytes) > bytes.size() - start)
        throw Error("npy-cut").file(where).expected("a whole header").found(fmt::format("{} bytes in all", bytes.size()));
    const std::size_t length = unsignedAt(bytes, 8, lengthBytes);
    const NpyHeader header = parseNpyHeader({reinterpret_cast<const char*>(bytes.data()) + start, length}, where);
    const DType dtype = dtypeOf(header.descr, where);
    const std::uint64_t needed = static_cast<std::uint64_t>(elementCount(header.shape)) * itemSize(dtype);
    const auto data = bytes.subspan(start + length);
    if (data.size() != needed)
        throw Error("npy-length")
            .file(where)
            .expected(fmt::format("{} bytes for {}", needed, text(header.shape)))
            .found(fmt::format("{}", data.size()));
    std::vector<std::byte> values(data.begin(), data.end());
    if (header.descr.front() == '>')
        swapBytes(values, dtype == DType::Complex64 || dtype == DType::Complex128 ? itemSize(dtype) / 2 : itemSize(dtype));
    const auto shared = std::make_shared<const std::vector<std::byte>>(std::move(values));
    if (!header.fortranOrder)
        return Tensor(dtype, header.shape, shared);
    std::vector<int> order(header.shape.size());
    std::iota(order.rbegin(), order.rend(), 0);
    return Tensor(dtype, Shape(header.shape.rbegin(), header.shape.rend()), shared).transposed(order);
}

std::string npyPreamble(const Tensor& tensor)
{
    const auto it = std::find_if(typeCodes.begin(), typeCodes.end(), [&](const TypeCode& type) { return type.dtype == tensor.dtype(); });
    if (it == typeCodes.end())
        throw Error("npy-dtype").expected("a type that NumPy has").found(std::string(name(tensor.dtype())));
    std::string shape;
    for (const std::int64_t size : tensor.shape())
        shape += fmt::format("{}, ", size);
    if (tensor.shape().size() > 1)
        shape.resize(shape.size() - 2);
    else if (!shape.empty())
        shape.pop_back();
    std::string header = fmt::format("{{'descr': '{}{}', 'fortran_order': False, 'shape': ({}), }}",
                                     itemSize(tensor.dtype()) == 1 ? '|' : '<', it->code, shape);
    const std::size_t unpadded = magic.size() + 4 + header.size() + 1;
    header.append((64 - unpadded % 64) % 64, ' ');
    header += '\n';
    std::string preamble(magic);
    preamble += {'\x01', '\0', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
    return preamble + header;
}

Tensor forNumpy(const Tensor& tensor)
{
    return tensor.dtype() == DType::BFloat16 ? tensor.toFloat32() : tensor;
}

void writeNpy(const std::string& path, const Tensor& tensor)
{
    const Tensor known = forNumpy(tensor);
    const std::string preamble = npyPreamble(known);
    AtomicFile file(path);
    file.write(preamble);
    file.write(known.bytes());
    file.commit();
}

}
