// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/numpy/npy.h"
#include "core/base/error.h"
#include "core/files/atomicfile.h"
#include "core/files/file.h"
#include "core/formats/numpy/npyheader.h"
#include "core/formats/zip/zipdirectory.h"
#include "core/tensor/strided.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/format.h>
#include <optional>

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

std::optional<DType> dtypeOf(std::string_view descr)
{
    const std::string_view code = descr.empty() ? descr : descr.substr(1);
    const auto it = std::find_if(typeCodes.begin(), typeCodes.end(), [&](const TypeCode& type) { return type.code == code; });
    if (it == typeCodes.end() || std::string_view("<>|=").find(descr.front()) == std::string_view::npos)
        return {};
    return it->dtype;
}

/// Why the elements are no numbers.
std::string problemOf(std::string_view descr)
{
    const char kind = descr.size() > 1 ? descr[1] : '\0';
    const std::string shown = printable(descr, 80);
    if (descr.starts_with('['))
        return fmt::format("its elements are records of several fields: {}", shown);
    if (kind == 'O')
        return "its elements are pickled Python objects, which are not unpickled";
    if (kind == 'U' || kind == 'S' || kind == 'a')
        return fmt::format("its elements are texts ({})", shown);
    if (kind == 'M' || kind == 'm')
        return fmt::format("its elements are dates or times ({})", shown);
    if (kind == 'V')
        return fmt::format("its elements are bytes without a meaning ({}), as NumPy saves types of other packages such as bfloat16", shown);
    return fmt::format("its element type {} is not known here", shown);
}

std::size_t unsignedAt(std::span<const std::byte> bytes, std::size_t offset, std::size_t length)
{
    std::size_t value = 0;
    for (std::size_t i = 0; i < length; ++i)
        value |= std::to_integer<std::size_t>(bytes[offset + i]) << (8 * i);
    return value;
}

/// Magic, version and length of the header.
struct Start
{
    std::size_t header = 0, length = 0; ///< where the literal begins, and its bytes
    std::size_t data() const { return header + length; }
};

Start startOf(std::span<const std::byte> bytes, std::string_view where)
{
    if (bytes.size() < 10 || std::memcmp(bytes.data(), magic.data(), magic.size()) != 0)
        throw Error("npy-magic").file(where).expected("a NumPy array (.npy)").found(bytes.empty() ? "an empty file" : "other content");
    const auto version = std::to_integer<int>(bytes[6]);
    if (version < 1 || version > 3)
        throw Error("npy-version").file(where).expected("version 1, 2 or 3").found(fmt::format("{}", version));
    const std::size_t width = version == 1 ? 2 : 4;
    if (bytes.size() < 8 + width)
        throw Error("npy-cut").file(where).expected("a whole header").found(fmt::format("{} bytes in all", bytes.size()));
    return {8 + width, unsignedAt(bytes, 8, width)};
}

/// Strides in elements of an array in Fortran order.
Shape fortranStrides(const Shape& shape)
{
    const Shape reversed = denseStrides(Shape(shape.rbegin(), shape.rend()));
    return {reversed.rbegin(), reversed.rend()};
}

/// What the header says of an array of `length` bytes; `stored` makes the source of its values, at this distance from the start.
template <typename Stored>
NpyArray arrayOf(const NpyHeader& header, const Start& start, std::uint64_t length, std::string_view where, Stored stored)
{
    NpyArray array;
    array.source.shape = header.shape;
    const auto count = static_cast<std::uint64_t>(elementCount(header.shape));
    const std::optional<DType> dtype = dtypeOf(header.descr);
    array.source.dtype = dtype.value_or(DType::Opaque);
    if (!dtype) {
        array.problem = problemOf(header.descr);
        return array;
    }
    const std::uint64_t data = length - start.data();
    if (data / itemSize(*dtype) != count || data % itemSize(*dtype) != 0)
        throw Error("npy-length")
            .file(where)
            .expected(fmt::format("{} elements of {} for {}", count, name(*dtype), text(header.shape)))
            .found(fmt::format("{} bytes", data));
    const bool bigEndian = header.descr.front() == '>';
    stored(array.source, header.fortranOrder ? fortranStrides(header.shape) : denseStrides(header.shape), bigEndian);
    return array;
}

NpyHeader headerOf(std::span<const std::byte> literal, std::string_view where)
{
    return parseNpyHeader({reinterpret_cast<const char*>(literal.data()), literal.size()}, where);
}

constexpr std::size_t headerLimit = std::size_t{1} << 20;

void checkHeader(const Start& start, std::uint64_t length, std::string_view where)
{
    if (start.length > headerLimit || start.data() > length)
        throw Error("npy-cut").file(where).expected("a whole header").found(fmt::format("{} bytes in all", length));
}

}

Tensor readNpy(std::span<const std::byte> bytes, std::string_view where)
{
    const Start start = startOf(bytes, where);
    checkHeader(start, bytes.size(), where);
    const NpyHeader header = headerOf(bytes.subspan(start.header, start.length), where);
    Tensor tensor;
    const NpyArray array =
        arrayOf(header, start, bytes.size(), where, [&](const TensorSource& source, const Shape& strides, bool bigEndian) {
            const auto data = bytes.subspan(start.data());
            tensor =
                Tensor(source.dtype, source.shape, denseBytes({data.begin(), data.end()}, source.dtype, source.shape, strides, bigEndian));
        });
    if (!array.problem.empty())
        throw Error("npy-dtype").file(where).expected("numbers (b1, u1 to i8, f2 to f8, c8, c16)").found(printable(header.descr));
    return tensor;
}

NpyArray npyArray(const std::shared_ptr<const File>& file, std::uint64_t offset, std::uint64_t length, std::string_view where)
{
    constexpr std::uint64_t usual = 128; // what NumPy writes for all but the longest shapes
    std::vector<std::byte> head = file->read(offset, std::min(length, usual));
    const Start start = startOf(head, where);
    checkHeader(start, length, where);
    if (start.data() > head.size())
        head = file->read(offset, start.data());
    return arrayOf(headerOf(std::span(head).subspan(start.header, start.length), where), start, length, where,
                   [&](TensorSource& source, const Shape& strides, bool bigEndian) {
                       source.data = FileRegion{file, offset + start.data(), strides, bigEndian};
                   });
}

NpyArray npyArray(const std::shared_ptr<const ZipDirectory>& archive, const ZipEntry& entry, std::uint64_t inflateLimit)
{
    const std::string where = archive->file()->path() + ", " + printable(entry.name);
    if (entry.isStored())
        return npyArray(archive->file(), entry.offset, entry.size, where);
    const std::vector<std::byte> head = archive->beginning(entry, headerLimit);
    const Start start = startOf(head, where);
    checkHeader(start, std::min<std::uint64_t>(entry.size, head.size()), where);
    const NpyHeader header = headerOf(std::span(head).subspan(start.header, start.length), where);
    return arrayOf(header, start, entry.size, where, [&](TensorSource& source, const Shape&, bool) {
        source.data =
            WorkerDataset{entry.name, [archive, entry, where, inflateLimit] {
                              bool isWhole = true;
                              const auto bytes = archive->contents(entry, inflateLimit, &isWhole);
                              if (!isWhole)
                                  throw Error("npz-checksum").file(where).expected("data that fits its checksum").found("other data");
                              return readNpy(bytes, where).sharedBytes();
                          }};
    });
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

DType numpyType(DType dtype)
{
    switch (dtype) {
    case DType::BFloat16:
    case DType::Float8E4M3:
    case DType::Float8E5M2:
    case DType::Float8E4M3Fnuz:
    case DType::Float8E5M2Fnuz:
    case DType::Float8E8M0:
        return DType::Float32;
    case DType::Complex32:
        return DType::Complex64;
    case DType::QInt8:
        return DType::Int8;
    case DType::QInt32:
        return DType::Int32;
    case DType::QUInt8:
    case DType::QUInt4x2:
    case DType::QUInt2x4:
    case DType::Float4E2M1x2:
    case DType::Bits8:
        return DType::UInt8;
    default:
        return dtype;
    }
}

Tensor forNumpy(const Tensor& tensor)
{
    const DType type = numpyType(tensor.dtype());
    if (type == tensor.dtype())
        return tensor;
    if (type == DType::Float32)
        return tensor.toFloat32();
    if (type == DType::Complex64) {
        const Tensor parts(DType::Float16, {2 * tensor.count()}, tensor.sharedBytes());
        return Tensor(type, tensor.shape(), parts.toFloat32().sharedBytes());
    }
    return Tensor(type, tensor.shape(), tensor.sharedBytes());
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
