// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/torch/write/pythonvalue.h"
#include "core/layers/kind.h"

#include <optional>
#include <span>

namespace core::formats {

/// One thing that a class of torch.nn is told when it is made, or keeps.
struct ModuleField
{
    enum class Use {
        Both,     ///< the constructor takes it, and it is kept under the same name
        Argument, ///< the constructor takes it, the module keeps something else of it
        Kept      ///< the module keeps it, and the constructor is told nothing
    };

    std::string_view name;
    std::optional<PythonValue> fallback = {}; ///< the constructor's own, or what is kept; none: it must be told
    Use use = Use::Both;
    std::string_view parameter = {}; ///< the parameter whose shape tells it where the settings do not, ...
    std::size_t dimension = 0;       ///< ... along that dimension (`every`: all of them), ...
    std::string_view times = {};     ///< ... times that setting
    std::string_view alike = {};     ///< the setting whose value is its fallback
    static constexpr std::size_t every = static_cast<std::size_t>(-1);
    bool isSizes = false; ///< one number stands for several equal ones
};

/// A class of torch.nn as PyTorch 1.13 to 2.13 make it: what its constructor takes, in order, and what it keeps.
struct ModuleClass
{
    std::string_view name, package; ///< "Conv2d", "torch.nn.modules.conv"
    std::size_t positional = 0;     ///< how many arguments people give without a name
    std::vector<ModuleField> fields = {};
    std::vector<std::string_view> parameters = {}, buffers = {}; ///< in its order; those that it lacks are None
    bool isPlain = true;                                         ///< takes one tensor and gives one, and keeps no more than this
};

/// Null for a class that is not in the table.
const ModuleClass* moduleClass(std::string_view name);

/// A module of the table with all that its constructor needs.
struct ModuleCall
{
    const ModuleClass* type = nullptr;
    std::vector<PythonValue> values; ///< beside type->fields
};

/// What makes an op in PyTorch; `call` has the op's inputs, `parameters` the shapes of its parameters by torch's names. Throws
/// Error("layer-no-twin"), saying what the op asks for and no class has.
ModuleCall moduleCall(const layers::Call& call, const std::map<std::string, Shape>& parameters);

/// "nn.Conv2d(1, 6, 5, padding=2)".
std::string constructorText(const ModuleCall& module);
/// What the module keeps beside what every nn.Module does, by name.
std::vector<std::pair<std::string, PythonValue>> keptBy(const ModuleCall& module);

}
