// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/pickle/pickle.h"
#include "core/formats/torch/torchtensor.h"
#include "core/model/model.h"

#include <map>
#include <memory>
#include <unordered_map>
#include <unordered_set>

namespace core {
class File;
}

namespace core::formats {

/// Where one storage's bytes are in the file.
struct TorchStorage
{
    std::uint64_t offset = 0, size = 0;
    std::string problem; ///< why they cannot be read
};

/// What every PyTorch container comes down to: one pickled value, and storages by key.
struct TorchContent
{
    std::shared_ptr<const File> file;
    Pickle pickle;
    std::unordered_map<std::string, TorchStorage> storages;
    bool bigEndian = false;
    Origin origin; ///< `content` is set by torchModel()
    std::vector<Note> notes;
};

/// The model in a container: a module, a state dict, a checkpoint around one of them, or loose tensors. Reads no tensor.
Model torchModel(TorchContent content, const Progress& progress);

/// Adds tensors of a pickle to a model as parameters: storages looked up and checked, sharing noted.
class TorchParameters
{
public:
    TorchParameters(const TorchContent& content, Model& model) : m_content(content), m_model(model) {}

    /// `name` as in a state dict; one that is there already gets " (2)". Returns the name under which it was added.
    std::string add(const std::string& name, const std::string& layer, const std::string& role, const PickleNode& node);
    /// Fills `sharedWith` and notes storages that are declared in two ways.
    void finish();

private:
    struct Use
    {
        std::size_t parameter;
        DType dtype;
        std::int64_t bytes;
    };
    void setSource(Parameter& parameter, TorchTensor tensor);

    const TorchContent& m_content;
    Model& m_model;
    std::unordered_set<std::string> m_names;
    std::map<std::string, std::vector<Use>> m_uses; ///< by storage key
};

/// Copies for showing and for core/layers: numbers, flags, texts, lists of integers. Anything else, and None, is left out.
Attributes torchAttributes(const PickleNode& dict);

/// A note in one line.
Note torchNote(std::string id, Note::Severity severity, std::string text, std::vector<std::string> arguments = {});

}
