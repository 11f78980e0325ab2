// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/torch/torchrecords.h"
#include "core/formats/torchscript/scriptsyntax.h"

#include <map>
#include <memory>

namespace core::formats {

/// The code/ folder of an archive, parsed file by file when a class or function of it is asked for.
class ScriptProgram
{
public:
    explicit ScriptProgram(const TorchRecords& records) : m_records(records) {}

    /// "__torch__.torch.nn.modules.conv.Conv2d" is Conv2d of code/__torch__/torch/nn/modules/conv.py. Null when the file or the class is
    /// not there; Error("script-syntax"), Error("zip-...") when the file cannot be read.
    const ScriptClass* type(const std::string& qualified);
    const ScriptFunction* function(const std::string& qualified);

    static constexpr std::uint64_t fileLimit = std::uint64_t{1} << 24, totalLimit = std::uint64_t{1} << 26;

private:
    const ScriptSource* source(const std::string& qualified, std::string& name);

    const TorchRecords& m_records;
    std::map<std::string, std::unique_ptr<ScriptSource>> m_sources; ///< null: not in the archive
    std::uint64_t m_total = 0;
};

/// Whether an object's class is one of the archive's code.
bool isScriptClass(const PickleNode& node);
/// "__torch__.torch.nn.modules.conv.___torch_mangle_0.Conv2d" without "__torch__" and the mangling, package and name apart.
std::pair<std::string, std::string> scriptClassName(const std::string& qualified);

}
