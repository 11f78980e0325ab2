// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"
#include "core/model/attributes.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core::layers {

/// A function of TensorFlow, or an Operation of Keras 3, that a Keras graph calls like a layer. In the arguments a tensor stands as
/// {tensorKey: k}, the k-th that the call takes.
struct OperatorCall
{
    std::string name;         ///< "math.add"; an Operation's class: "Add"
    bool isOperation = false; ///< of Keras 3
    Json positional = Json::array();
    Json keywords = Json::object(); ///< an Operation's settings among them
};
constexpr char tensorKey[] = "__tensor__";

/// What an operator makes of numbers: arithmetic, which on whole ones is another than with floats; the same ones; floats.
enum class Numbers { Computed, Kept, Made };

/// What such a call computes.
struct Operator
{
    std::string_view kind;
    Attributes attributes;
    std::vector<std::size_t> inputs; ///< the call's tensors in the kind's order
    Numbers numbers = Numbers::Computed;
};

/// Nothing where the operator is none that Tieout knows. Throws Error("layer-unsupported") naming an argument that no kind computes with.
std::optional<Operator> kerasOperator(const OperatorCall& call);

}
