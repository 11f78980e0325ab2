// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/numpyarray.h"

#include "core/formats/torch/torchstorage.h"

#include <array>
#include <bit>
#include <cstring>
#include <fmt/format.h>

namespace core::formats {

using Type = PickleNode::Type;

namespace {

struct NumpyType
{
    DType dtype = DType::Opaque;
    bool bigEndian = false;
};

constexpr std::array<std::pair<std::string_view, DType>, 14> typeCodes{{{"b1", DType::Bool},
                                                                        {"i1", DType::Int8},
                                                                        {"u1", DType::UInt8},
                                                                        {"i2", DType::Int16},
                                                                        {"u2", DType::UInt16},
                                                                        {"i4", DType::Int32},
                                                                        {"u4", DType::UInt32},
                                                                        {"i8", DType::Int64},
                                                                        {"u8", DType::UInt64},
                                                                        {"f2", DType::Float16},
                                                                        {"f4", DType::Float32},
                                                                        {"f8", DType::Float64},
                                                                        {"c8", DType::Complex64},
                                                                        {"c16", DType::Complex128}}};

/// numpy.dtype('f4', False, True) with the state (3, '<', ...); throws TorchProblem for any other than plain numbers.
NumpyType numpyType(const PickleNode& node)
{
    const bool isType = node.is(Type::Object) && node.callable->isGlobal("numpy", "dtype") && !node.arguments->items.empty() &&
                        (node.arguments->items[0]->is(Type::String) || node.arguments->items[0]->is(Type::Bytes));
    if (!isType)
        throw TorchProblem{"elements of a type that cannot be read: " + describe(node, 60)};
    std::string_view code = node.arguments->items[0]->text;
    NumpyType type;
    if (code.starts_with('<') || code.starts_with('>') || code.starts_with('|')) {
        type.bigEndian = code[0] == '>';
        code.remove_prefix(1);
    }
    if (node.state && node.state->is(Type::Tuple) && node.state->items.size() > 1)
        type.bigEndian = node.state->items[1]->text == ">";
    for (const auto& [name, dtype] : typeCodes)
        if (name == code)
            type.dtype = dtype;
    if (type.dtype == DType::Opaque)
        throw TorchProblem{code.starts_with('O') ? "an array of Python objects"
                                                 : fmt::format("elements of NumPy's type {}", printable(code, 40))};
    return type;
}

bool isNumpyGlobal(const PickleNode& callable, std::string_view module, std::string_view name)
{
    if (!callable.is(Type::Global) || callable.name() != name)
        return false;
    std::string_view found = callable.module();
    for (const std::string_view package : {"numpy.core.", "numpy._core."})
        if (found.starts_with(package))
            return found.substr(package.size()) == module;
    return false;
}

bool isBytes(const PickleNode& node)
{
    return node.is(Type::Bytes) || node.is(Type::String); // Python 2 has one type for both
}

void setBytes(const PickleNode& node, const PickleNode& dtype, Shape shape, bool isFortran, TorchTensor& tensor)
{
    tensor.shape = std::move(shape);
    const NumpyType type = numpyType(dtype);
    tensor.dtype = type.dtype;
    tensor.bigEndian = type.bigEndian;
    if (!isBytes(node))
        throw TorchProblem{"no bytes: " + describe(node, 60)};
    const std::int64_t count = elementCount(tensor.shape);
    if (count > static_cast<std::int64_t>(node.text.size()) || static_cast<std::size_t>(count) * itemSize(tensor.dtype) != node.text.size())
        throw TorchProblem{fmt::format("{} bytes for shape {}", node.text.size(), text(tensor.shape))};
    tensor.strides = denseStrides(tensor.shape);
    if (isFortran) {
        std::int64_t step = 1;
        for (std::size_t d = 0; d < tensor.shape.size(); ++d) {
            tensor.strides[d] = step;
            step *= tensor.shape[d];
        }
    }
    const auto bytes = std::as_bytes(std::span(node.text));
    tensor.bytes = std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end());
    tensor.storageBytes = static_cast<std::int64_t>(bytes.size());
}

}

bool isNumpyArray(const PickleNode& node)
{
    return node.is(Type::Object) && ((isNumpyGlobal(*node.callable, "multiarray", "_reconstruct") && node.state) ||
                                     isNumpyGlobal(*node.callable, "numeric", "_frombuffer"));
}

void readNumpyArray(const PickleNode& node, TorchTensor& tensor)
{
    const bool isReconstructed = node.callable->name() == "_reconstruct";
    const PickleNode& parts = isReconstructed ? *node.state : *node.arguments;
    if (!parts.is(Type::Tuple) || parts.items.size() < 4)
        throw TorchProblem{"no NumPy array: " + describe(parts, 60)};
    const auto& items = parts.items;
    if (!isReconstructed) // bytes, dtype, shape, order
        return setBytes(*items[0], *items[1], torchIntegers(*items[2], "the shape"), items[3]->text == "F", tensor);
    // (version,) shape, dtype, is Fortran, bytes
    const std::size_t first = items.size() - 4;
    setBytes(*items[first + 3], *items[first + 1], torchIntegers(*items[first], "the shape"),
             items[first + 2]->is(Type::Bool) && items[first + 2]->integer, tensor);
}

std::optional<Attribute> numpyScalar(const PickleNode& node)
{
    if (!node.is(Type::Object) || !isNumpyGlobal(*node.callable, "multiarray", "scalar") || node.arguments->items.size() < 2)
        return {};
    try {
        TorchTensor tensor;
        setBytes(*node.arguments->items[1], *node.arguments->items[0], {}, false, tensor);
        std::array<std::byte, 16> raw{};
        const std::size_t size = tensor.bytes->size();
        for (std::size_t i = 0; i < size; ++i)
            raw[i] = (*tensor.bytes)[tensor.bigEndian ? size - 1 - i : i];
        const auto as = [&raw]<typename Number>(Number number) {
            std::memcpy(&number, raw.data(), sizeof(Number));
            return number;
        };
        switch (tensor.dtype) {
        case DType::Bool:
            return Attribute(raw[0] != std::byte{0});
        case DType::Float32:
            return Attribute(static_cast<double>(as(float{})));
        case DType::Float64:
            return Attribute(as(double{}));
        case DType::Int8:
            return Attribute(std::int64_t{as(std::int8_t{})});
        case DType::Int16:
            return Attribute(std::int64_t{as(std::int16_t{})});
        case DType::Int32:
            return Attribute(std::int64_t{as(std::int32_t{})});
        case DType::UInt8:
        case DType::UInt16:
        case DType::UInt32:
        case DType::Int64:
            return Attribute(as(std::int64_t{})); // the bytes above are zero
        default:
            return {};
        }
    } catch (const TorchProblem&) {
        return {};
    }
}

}
