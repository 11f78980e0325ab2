// SPDX-License-Identifier: GPL-3.0-or-later
// A state dict as torch.load(weights_only=True) reads it: only the opcodes that its restricted unpickler knows, protocol 2, records that
// are exactly as long as declared (formats.md A1, "What a valid writer must emit").
#include "core/formats/write.h"

#include "core/base/error.h"
#include "core/base/names.h"
#include "core/files/atomicfile.h"
#include "core/formats/zip/zipwriter.h"

#include <fmt/format.h>
#include <unordered_set>

namespace core::formats {

namespace {

constexpr std::string_view orderedDict = "ccollections\nOrderedDict\n)R";

void put(std::string& out, std::uint64_t value, int width)
{
    for (int i = 0; i < width; ++i)
        out += static_cast<char>(value >> (8 * i) & 0xFF);
}

void putText(std::string& out, std::string_view text)
{
    out += 'X';
    put(out, text.size(), 4);
    out += text;
}

void putInteger(std::string& out, std::int64_t value)
{
    if (value >= 0 && value < 0x100) {
        out += 'K';
        put(out, static_cast<std::uint64_t>(value), 1);
    } else if (value >= 0 && value <= 0x7FFFFFFF) {
        out += 'J';
        put(out, static_cast<std::uint64_t>(value), 4);
    } else {
        out += "\x8A\x08";
        put(out, static_cast<std::uint64_t>(value), 8);
    }
}

void putTuple(std::string& out, const Shape& values)
{
    out += '(';
    for (const std::int64_t value : values)
        putInteger(out, value);
    out += 't';
}

/// The storage class of torch that has this dtype; empty for dtypes that PyTorch keeps in an untyped storage.
std::string_view storageClass(DType type)
{
    switch (type) {
    case DType::Float32:
        return "FloatStorage";
    case DType::Float64:
        return "DoubleStorage";
    case DType::Float16:
        return "HalfStorage";
    case DType::BFloat16:
        return "BFloat16Storage";
    case DType::Int64:
        return "LongStorage";
    case DType::Int32:
        return "IntStorage";
    case DType::Int16:
        return "ShortStorage";
    case DType::Int8:
        return "CharStorage";
    case DType::UInt8:
        return "ByteStorage";
    case DType::Bool:
        return "BoolStorage";
    case DType::Complex64:
        return "ComplexFloatStorage";
    case DType::Complex128:
        return "ComplexDoubleStorage";
    default:
        return {};
    }
}

void putTensor(std::string& out, std::size_t key, const Tensor& tensor)
{
    const std::string_view typed = storageClass(tensor.dtype());
    const auto bytes = static_cast<std::int64_t>(tensor.bytes().size());
    out += typed.empty() ? "ctorch._utils\n_rebuild_tensor_v3\n((" : "ctorch._utils\n_rebuild_tensor_v2\n((";
    putText(out, "storage");
    out += typed.empty() ? "ctorch.storage\nUntypedStorage\n" : fmt::format("ctorch\n{}\n", typed);
    putText(out, fmt::to_string(key));
    putText(out, "cpu");
    putInteger(out, typed.empty() ? bytes : tensor.count());
    out += "tQ";
    putInteger(out, 0);
    putTuple(out, tensor.shape());
    putTuple(out, denseStrides(tensor.shape()));
    out += '\x89'; // requires_grad False
    out += orderedDict;
    if (typed.empty())
        out += fmt::format("ctorch\n{}\n", name(tensor.dtype()));
    out += "tR";
}

std::string pickled(const NamedTensors& tensors)
{
    std::string out = "\x80\x02";
    out += orderedDict;
    if (!tensors.empty())
        out += '(';
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        putText(out, rawName(tensors[i].first));
        putTensor(out, i, tensors[i].second);
    }
    out += tensors.empty() ? "." : "u.";
    return out;
}

void check(const std::string& path, const NamedTensors& tensors)
{
    std::unordered_set<std::string_view> names;
    for (const auto& [name, tensor] : tensors) {
        const DType type = tensor.dtype();
        const bool isQuantised = type >= DType::QInt8 && type <= DType::QUInt2x4;
        if (type == DType::Opaque || isQuantised || tensor.isNull())
            throw Error("torch-write-dtype")
                .file(path)
                .expected("a tensor that a state dict can hold")
                .found(core::name(type))
                .at(printable(name));
        if (!names.insert(name).second)
            throw Error("torch-write-name").file(path).expected("every name once").found("two of one name").at(printable(name));
    }
}

}

void writeTorchStateDict(AtomicFile& file, const NamedTensors& tensors)
{
    check(file.path(), tensors);
    ZipWriter zip(file);
    zip.add("archive/data.pkl", pickled(tensors));
    zip.add("archive/byteorder", "little");
    for (std::size_t i = 0; i < tensors.size(); ++i)
        zip.add(fmt::format("archive/data/{}", i), tensors[i].second.bytes());
    zip.add("archive/version", "3\n");
    zip.finish();
}

void writeTorchStateDict(const std::string& path, const NamedTensors& tensors)
{
    AtomicFile file(path);
    writeTorchStateDict(file, tensors);
    file.commit();
}

}
