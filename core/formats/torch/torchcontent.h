// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/pickle/pickle.h"
#include "core/formats/torch/torchtensor.h"
#include "core/model/model.h"

#include <functional>
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
    /// Set where the bytes are not in the file as they are (a compressed record): reads the whole storage, throws Error.
    std::function<SharedBytes()> load = {};
};

/// What every PyTorch container comes down to: one pickled value, and storages by key.
struct TorchContent
{
    std::shared_ptr<const File> file;
    Pickle pickle;
    std::unordered_map<std::string, TorchStorage> storages;
    std::unordered_map<std::string, TorchTensor> tensors; ///< by key, where the pickle names whole tensors (PyTorch 0.1)
    bool bigEndian = false;
    Framework framework = Framework::Torch; ///< None for arrays that are no PyTorch tensors
    Origin origin;                          ///< `content` is set by torchModel()
    std::vector<Note> notes;
};

/// The model in a container: a module, a state dict, a checkpoint around one of them, or loose tensors. Reads no tensor.
Model torchModel(TorchContent content, const Progress& progress);

/// Adds tensors of a pickle to a model as parameters: storages looked up and checked, sharing noted.
class TorchParameters
{
public:
    TorchParameters(const TorchContent& content, Model& model) : m_content(content), m_model(model) {}

    /// `name` as in a state dict; one that is there already gets " (2)". A sparse or nested tensor is added by its parts ("name.indices",
    /// "name.values"), a quantised one may add its scales. Returns the name of the first that was added.
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
    void addTensor(const std::string& name, const std::string& layer, const std::string& role, TorchTensor tensor, int depth);
    void addOne(const std::string& name, const std::string& layer, const std::string& role, TorchTensor tensor);
    TorchTensor tensorOf(const PickleNode& node) const;
    void setSource(Parameter& parameter, TorchTensor tensor);

    const TorchContent& m_content;
    Model& m_model;
    std::unordered_set<std::string> m_names;
    std::map<std::string, std::vector<Use>> m_uses; ///< by storage key
};

/// A module's plain attributes for core/layers: numbers, flags, texts, lists of integers, the rest in one line. None and names that begin
/// with "_" are left out.
Attributes torchAttributes(const PickleNode& dict);
/// A plain value; nothing for None and for objects.
std::optional<Attribute> torchAttribute(const PickleNode& node);

/// A note in one line.
Note torchNote(std::string id, Note::Severity severity, std::string text, std::vector<std::string> arguments = {});

}
