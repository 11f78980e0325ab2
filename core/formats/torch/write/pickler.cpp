// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/write/pickler.h"

#include "core/base/error.h"
#include "core/base/names.h"
#include "core/formats/zip/zipwriter.h"

#include <bit>
#include <fmt/format.h>
#include <unordered_set>

namespace core::formats {

namespace {

using Type = PythonValue::Type;

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
    } else if (value >= INT32_MIN && value <= INT32_MAX) {
        out += 'J';
        put(out, static_cast<std::uint64_t>(value), 4);
    } else {
        out += "\x8A\x08";
        put(out, static_cast<std::uint64_t>(value), 8);
    }
}

/// Most significant byte first, unlike all else in a pickle.
void putReal(std::string& out, double value)
{
    out += 'G';
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int shift = 56; shift >= 0; shift -= 8)
        out += static_cast<char>(bits >> shift & 0xFF);
}

void putShape(std::string& out, const Shape& values)
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
    putShape(out, tensor.shape());
    putShape(out, denseStrides(tensor.shape()));
    out += '\x89'; // requires_grad False
    out += orderedDict;
    if (typed.empty())
        out += fmt::format("ctorch\n{}\n", name(tensor.dtype()));
    out += "tR";
}

class Pickler
{
public:
    explicit Pickler(const NamedTensors& tensors) : m_tensors(tensors) {}

    std::string pickled(const PythonValue& root)
    {
        m_out = "\x80\x02";
        add(root);
        m_out += '.';
        return std::move(m_out);
    }

private:
    void add(const PythonValue& value)
    {
        switch (value.type) {
        case Type::None:
            m_out += 'N';
            break;
        case Type::Bool:
            m_out += value.integer ? '\x88' : '\x89';
            break;
        case Type::Int:
            putInteger(m_out, value.integer);
            break;
        case Type::Float:
            putReal(m_out, value.real);
            break;
        case Type::Text:
            putText(m_out, value.text);
            break;
        default:
            addMade(value);
        }
    }

    void addMade(const PythonValue& value)
    {
        switch (value.type) {
        case Type::Tuple:
            m_out += '(';
            addItems(value);
            m_out += 't';
            break;
        case Type::List:
            m_out += "](";
            addItems(value);
            m_out += 'e';
            break;
        case Type::Set:
            m_out += "c__builtin__\nset\n](";
            addItems(value);
            m_out += "e\x85R";
            break;
        case Type::OrderedDict:
            m_out += orderedDict;
            addPairs(value);
            break;
        case Type::Dict:
            m_out += '}';
            addPairs(value);
            break;
        case Type::Object: {
            const std::size_t gap = value.text.find(' ');
            m_out += fmt::format("c{}\n{}\n)\x81}}", value.text.substr(0, gap), value.text.substr(gap + 1));
            addPairs(value);
            m_out += 'b';
            break;
        }
        default:
            addTensor(value);
        }
    }

    void addTensor(const PythonValue& value)
    {
        const auto key = static_cast<std::size_t>(value.integer);
        const bool isTrained = value.type == Type::Trained;
        if (isTrained)
            m_out += "ctorch._utils\n_rebuild_parameter\n(";
        putTensor(m_out, key, m_tensors[key].second);
        if (isTrained)
            m_out.append("\x88").append(orderedDict).append("tR");
    }

    void addItems(const PythonValue& value)
    {
        for (const PythonValue& item : value.items)
            add(item);
    }

    void addPairs(const PythonValue& value)
    {
        if (value.items.empty())
            return;
        m_out += '(';
        for (std::size_t i = 0; i < value.items.size(); ++i) {
            putText(m_out, value.keys[i]);
            add(value.items[i]);
        }
        m_out += 'u';
    }

    const NamedTensors& m_tensors;
    std::string m_out;
};

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

void writeTorchArchive(AtomicFile& file, const PythonValue& root, const NamedTensors& tensors)
{
    check(file.path(), tensors);
    ZipWriter zip(file);
    zip.add("archive/data.pkl", Pickler(tensors).pickled(root));
    zip.add("archive/byteorder", "little");
    for (std::size_t i = 0; i < tensors.size(); ++i)
        zip.add(fmt::format("archive/data/{}", i), tensors[i].second.bytes());
    zip.add("archive/version", "3\n");
    zip.finish();
}

}
