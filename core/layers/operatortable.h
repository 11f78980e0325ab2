// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/operatorarguments.h"
#include "core/layers/operators.h"

namespace core::layers {

/// An argument as the operator calls it, and as the class does; without the latter it may only have its usual value.
struct OperatorArgument
{
    std::string_view name, setting;
    std::string_view usual = {}; ///< JSON, where the call does not tell
};

struct OperatorRow
{
    std::string_view name, className;        ///< of torch.nn or a function as core/layers' kinds have them; or of Keras
    std::vector<OperatorArgument> arguments; ///< in the order in which they may be given without a name
    void (*adjust)(Arguments&) = nullptr;
    Numbers numbers = Numbers::Computed;
    bool isLayer = false; ///< the class is one of Keras
};

/// The operator that a call names, or null.
const OperatorRow* operatorRow(const OperatorCall& call);

}
