// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

namespace core::layers {

/// What Python computes an op with PyTorch by. All of it is the kind's own text and numbers, and the expressions that were given.
struct TorchCode
{
    std::string expression;
    std::vector<std::string> outputs = {""}; ///< what picks each of the op's outputs out of it: "[0]"
};

/// Expressions that stand for what an op has: none of them needs parentheses.
struct TorchNames
{
    std::vector<std::string> inputs; ///< beside Op::inputs
    std::string module;              ///< of the class that Kind::toTorch tells; empty where there is none
};

/// How the op is computed: by its module where it has one, else by functions. All inputs are known. Throws Error("layer-no-twin") where
/// neither is exact. Steps of a recurrent op and heads of an attention are picked out of what the module gives.
TorchCode torchCode(const Call& call, const TorchNames& names);

/// A row of the tables of functions.
struct TorchFunction
{
    std::string_view kind;
    TorchCode (*code)(const Call& call, const TorchNames& names);
    bool usesModule = false; ///< else it is for ops without one
};
/// By family: torchcode.cpp, torchcodeshapes.cpp, torchcodesequences.cpp.
std::span<const TorchFunction> torchShapeCode();
std::span<const TorchFunction> torchSequenceCode();

[[noreturn]] void noTorchCode(const Op& op, const std::string& expected, const std::string& found);
/// "1, 2, 3" of numbers.
std::string listed(const Ints& numbers);
/// A number as Python reads it: "0.5", "float('inf')".
std::string pythonNumber(double number);

}
