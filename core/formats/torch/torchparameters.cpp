// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/file.h"
#include "core/formats/torch/torchcontent.h"

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
    Parameter parameter;
    parameter.name = name;
    for (int copy = 2; !m_names.insert(parameter.name).second; ++copy)
        parameter.name = fmt::format("{} ({})", name, copy);
    parameter.layer = layer;
    parameter.role = role;
    TorchTensor tensor = torchTensor(node);
    parameter.trainable = tensor.trainable;
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
    return m_model.parameters.back().name;
}

void TorchParameters::setSource(Parameter& parameter, TorchTensor tensor)
{
    parameter.problem = std::move(tensor.problem);
    const auto found = m_content.storages.find(tensor.storage);
    const TorchStorage* storage = found == m_content.storages.end() ? nullptr : &found->second;
    const std::int64_t count = elementCount(tensor.shape);
    const std::size_t item = itemSize(tensor.dtype);
    if (parameter.problem.empty() && storage)
        parameter.problem = storage->problem;
    if (parameter.problem.empty() && !storage && count > 0)
        parameter.problem = fmt::format("its storage {} is not in the file", printable(tensor.storage, 40));
    if (parameter.problem.empty() && storage && storage->size < static_cast<std::uint64_t>(tensor.storageBytes))
        parameter.problem = fmt::format("its storage {} should have {} bytes and has {}", printable(tensor.storage, 40),
                                        tensor.storageBytes, storage->size);
    if (parameter.problem.empty() && item > 0 && static_cast<std::uint64_t>(count) > (2 * m_content.file->size() + expansionCap) / item)
        parameter.problem = fmt::format("{} elements seen through strides {} are more than the file can hold", count, text(tensor.strides));
    parameter.source = {tensor.dtype, tensor.shape, SharedBytes()};
    if (!parameter.problem.empty())
        return;
    if (storage)
        parameter.source.data = FileRegion{m_content.file, storage->offset + static_cast<std::uint64_t>(tensor.offset) * item,
                                           tensor.strides, m_content.bigEndian};
    else
        parameter.source.data = std::make_shared<const std::vector<std::byte>>();
}

void TorchParameters::finish()
{
    constexpr std::size_t listed = 32;
    for (const auto& [key, uses] : m_uses) {
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

namespace {

std::optional<Attribute> attribute(const PickleNode& node)
{
    switch (node.type) {
    case PickleNode::Type::Bool:
        return Attribute(node.integer != 0);
    case PickleNode::Type::Int:
        return Attribute(node.integer);
    case PickleNode::Type::Float:
        return Attribute(node.real);
    case PickleNode::Type::String:
        return Attribute(printable(node.text, 400));
    case PickleNode::Type::List:
    case PickleNode::Type::Tuple: {
        Ints values;
        for (const PickleNode* item : node.items) {
            if (!item->is(PickleNode::Type::Int) || values.size() == 256)
                return Attribute(describe(node));
            values.push_back(item->integer);
        }
        return Attribute(std::move(values));
    }
    default:
        return {};
    }
}

}

Attributes torchAttributes(const PickleNode& dict)
{
    Attributes result;
    for (std::size_t i = 0; i < dict.pairs(); ++i) {
        const PickleNode& key = *dict.items[2 * i];
        if (!key.is(PickleNode::Type::String) || key.text.starts_with('_') || key.text == "training")
            continue;
        if (auto value = attribute(*dict.items[2 * i + 1]))
            result.set(printable(key.text), std::move(*value));
    }
    return result;
}

}
