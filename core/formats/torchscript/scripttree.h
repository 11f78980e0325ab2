// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/aten/atengraph.h"
#include "core/formats/torch/torchcontent.h"
#include "core/formats/torchscript/scriptprogram.h"

#include <memory>
#include <optional>

namespace core::formats {

/// A module of a TorchScript archive: its pickled state, and what its class says where the code can be read.
struct ScriptModule final : AtenObject
{
    AtenModule shown;
    std::string className; ///< "__torch__.torch.nn.modules.conv.___torch_mangle_0.Conv2d"
    const PickleNode* node = nullptr;
    const ScriptClass* type = nullptr;
    std::map<std::string, std::shared_ptr<ScriptModule>> children;
    std::map<std::string, std::string> tensors; ///< "weight", or "list.0" for one in a container -> the parameter's name
};

/// Reads the tree of modules in data.pkl and adds its tensors to a model as parameters, named as in a state dict.
class ScriptTree
{
public:
    ScriptTree(const TorchContent& content, ScriptProgram& program, Model& model)
        : m_program(program), m_model(model), m_parameters(content, model)
    {
    }

    std::shared_ptr<const ScriptModule> read(const PickleNode& root);
    /// In the order of registration, the root first.
    const std::vector<const AtenModule*>& modules() const { return m_modules; }
    bool isTraining() const { return m_isTraining; }
    /// Why a class' code cannot be read; empty when it can.
    const std::optional<Error>& codeProblem() const { return m_codeProblem; }

private:
    std::shared_ptr<ScriptModule> readModule(const PickleNode& node, const std::string& path, int depth);
    void readValue(ScriptModule& module, const std::string& own, const PickleNode& value, int depth);
    void addTensor(ScriptModule& module, const std::string& own, const PickleNode& tensor);
    void readType(ScriptModule& module);
    void checkSize(int depth) const;

    ScriptProgram& m_program;
    Model& m_model;
    TorchParameters m_parameters;
    std::vector<const AtenModule*> m_modules;
    std::optional<Error> m_codeProblem;
    bool m_isTraining = false;
    std::size_t m_values = 0;
};

}
