// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/file.h"
#include "core/formats/torch/numpyarray.h"
#include "core/formats/torch/torchcontent.h"
#include "core/tensor/strided.h"

#include <fmt/format.h>

namespace core::formats {

namespace {

/// A view that shows one byte many times (stride 0) may be legal; one that would need far more memory than its file is not read.
constexpr std::uint64_t expansionCap = std::uint64_t{1} << 28;

}

Note torchNote(std::string id, Note::Severity severity, std::string text, std::vector<std::string> arguments)
{
    return {{std::move(id), std::move(arguments), std::move(text)}, severity, ""};
}

std::string TorchParameters::add(const std::string& name, const std::string& layer, const std::string& role, const PickleNode& node)
{
    const std::size_t first = m_model.parameters.size();
    addTensor(name, layer, role, tensorOf(node), 0);
    return m_model.parameters[first].name;
}

/// A bare number or text as persistent id names a tensor of the tar archive.
TorchTensor TorchParameters::tensorOf(const PickleNode& node) const
{
    if (node.is(PickleNode::Type::Persistent) && !m_content.tensors.empty()) {
        const PickleNode& id = *node.items[0];
        const auto found = m_content.tensors.find(id.is(PickleNode::Type::Int) ? fmt::to_string(id.integer) : id.text);
        if (found != m_content.tensors.end())
            return found->second;
    }
    return torchTensor(node);
}

void TorchParameters::addTensor(const std::string& name, const std::string& layer, const std::string& role, TorchTensor tensor, int depth)
{
    constexpr int deepest = 4;
    const std::vector<TorchPart> parts = std::move(tensor.parts);
    tensor.parts.clear();
    if (parts.empty() || !tensor.shape.empty() || !tensor.storage.empty() || tensor.bytes)
        addOne(name, layer, role, std::move(tensor));
    for (const TorchPart& part : parts) {
        TorchTensor inner = tensorOf(*part.node);
        if (depth >= deepest) {
            inner.parts.clear();
            inner.problem = "tensors within tensors, nested too deep";
        }
        inner.detail = inner.detail.empty() ? part.detail : part.detail + ", " + inner.detail;
        if (tensor.trainable && !inner.trainable)
            inner.trainable = tensor.trainable;
        addTensor(name + "." + part.name, layer, role.empty() ? part.name : role + "." + part.name, std::move(inner), depth + 1);
    }
}

void TorchParameters::addOne(const std::string& name, const std::string& layer, const std::string& role, TorchTensor tensor)
{
    Parameter parameter;
    parameter.name = name;
    for (int copy = 2; !m_names.insert(parameter.name).second; ++copy)
        parameter.name = fmt::format("{} ({})", name, copy);
    parameter.layer = layer;
    parameter.role = role;
    parameter.trainable = tensor.trainable;
    parameter.detail = tensor.detail;
    if (!tensor.storage.empty())
        m_uses[tensor.storage].push_back({m_model.parameters.size(), tensor.dtype, tensor.storageBytes});
    setSource(parameter, std::move(tensor));
    if (!parameter.problem.empty()) {
        Note note =
            torchNote("torch-tensor", Note::Severity::Error, fmt::format("{} cannot be read: {}.", parameter.name, parameter.problem),
                      {parameter.name, parameter.problem});
        note.where = parameter.name;
        m_model.notes.push_back(std::move(note));
    }
    m_model.parameters.push_back(std::move(parameter));
}

namespace {

/// Turns the signs of imaginary parts (a conjugated view) and of all values (a negated one). Floating and complex types have their sign
/// in the last bit of a number.
SharedBytes withSigns(SharedBytes bytes, DType dtype, bool conjugated, bool negated)
{
    const bool isComplex = dtype == DType::Complex32 || dtype == DType::Complex64 || dtype == DType::Complex128;
    const std::size_t width = isComplex ? itemSize(dtype) / 2 : itemSize(dtype);
    auto result = std::make_shared<std::vector<std::byte>>(*bytes);
    for (std::size_t number = 0; (number + 1) * width <= result->size(); ++number) {
        const bool isImaginary = isComplex && number % 2 == 1;
        if (negated != (conjugated && isImaginary))
            (*result)[(number + 1) * width - 1] ^= std::byte{0x80};
    }
    return result;
}

/// The part of a storage from `offset` (bytes) on, gathered.
SharedBytes gathered(const SharedBytes& storage, std::uint64_t offset, const TorchTensor& tensor, bool bigEndian)
{
    if (offset == 0 && !bigEndian && tensor.strides == denseStrides(tensor.shape) &&
        storage->size() == static_cast<std::size_t>(elementCount(tensor.shape)) * itemSize(tensor.dtype))
        return storage;
    const auto start = storage->begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(offset, storage->size()));
    return denseBytes(std::vector<std::byte>(start, storage->end()), tensor.dtype, tensor.shape, tensor.strides, bigEndian);
}

}

void TorchParameters::setSource(Parameter& parameter, TorchTensor tensor)
{
    parameter.problem = std::move(tensor.problem);
    const auto found = m_content.storages.find(tensor.storage);
    const TorchStorage* storage = found == m_content.storages.end() ? nullptr : &found->second;
    const std::int64_t count = elementCount(tensor.shape);
    const std::size_t item = itemSize(tensor.dtype);
    if (parameter.problem.empty() && !tensor.bytes && storage)
        parameter.problem = storage->problem;
    if (parameter.problem.empty() && !tensor.bytes && !storage && count > 0)
        parameter.problem = fmt::format("its storage {} is not in the file", printable(tensor.storage, 40));
    if (parameter.problem.empty() && storage && storage->size < static_cast<std::uint64_t>(tensor.storageBytes))
        parameter.problem = fmt::format("its storage {} should have {} bytes and has {}", printable(tensor.storage, 40),
                                        tensor.storageBytes, storage->size);
    if (parameter.problem.empty() && item > 0 && static_cast<std::uint64_t>(count) > (2 * m_content.file->size() + expansionCap) / item)
        parameter.problem = fmt::format("{} elements seen through strides {} are more than the file can hold", count, text(tensor.strides));
    if (parameter.problem.empty() && (tensor.conjugated || tensor.negated) && item < 2)
        parameter.problem = "a negated view of numbers without a sign";
    parameter.source = {tensor.dtype, tensor.shape, SharedBytes()};
    if (!parameter.problem.empty())
        return;
    const std::uint64_t offset = static_cast<std::uint64_t>(tensor.offset) * item;
    auto& data = parameter.source.data;
    if (count == 0 || (!tensor.bytes && !storage))
        data = std::make_shared<const std::vector<std::byte>>();
    else if (tensor.bytes)
        data = gathered(tensor.bytes, offset, tensor, tensor.bigEndian);
    else if (storage->load)
        data = WorkerDataset{parameter.name, [load = storage->load, offset, tensor, bigEndian = m_content.bigEndian] {
                                 return gathered(load(), offset, tensor, bigEndian);
                             }};
    else
        data = FileRegion{m_content.file, storage->offset + offset, tensor.strides, m_content.bigEndian};
    if (tensor.conjugated || tensor.negated)
        data = WorkerDataset{parameter.name, [plain = parameter.source, conjugated = tensor.conjugated, negated = tensor.negated] {
                                 return withSigns(read(plain).sharedBytes(), plain.dtype, conjugated, negated);
                             }};
}

void TorchParameters::finish()
{
    for (const auto& [key, uses] : m_uses) {
        // Many names, and few of a storage that very many share.
        const std::size_t listed = uses.size() < 1000 ? 32 : 2;
        bool differs = false;
        for (const Use& use : uses) {
            differs = differs || use.dtype != uses[0].dtype || use.bytes != uses[0].bytes;
            auto& shared = m_model.parameters[use.parameter].sharedWith;
            for (std::size_t i = 0; i < std::min(uses.size(), listed); ++i)
                if (uses[i].parameter != use.parameter)
                    shared.push_back(m_model.parameters[uses[i].parameter].name);
        }
        if (differs)
            m_model.notes.push_back(torchNote("torch-storage", Note::Severity::Warning,
                                              fmt::format("Storage {} is declared with different types or sizes.", printable(key, 40)),
                                              {key}));
        const auto storage = m_content.storages.find(key);
        if (storage != m_content.storages.end() && storage->second.size > static_cast<std::uint64_t>(uses[0].bytes))
            m_model.notes.push_back(torchNote("torch-storage", Note::Severity::Warning,
                                              fmt::format("Storage {} has {} bytes where {} are declared; PyTorch itself refuses that.",
                                                          printable(key, 40), storage->second.size, uses[0].bytes),
                                              {key}));
    }
}

}
