// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/convert/convert.h"

namespace core::convert {

/// Why a parameter of the twin gets no values: ambiguous or unlike layers, shapes, a role that the source has not. Names both sides.
[[noreturn]] void refuseMissing(const Plan& plan, const Parameter& target);
/// Why the order of the features of two linked parameters is not known.
[[noreturn]] void refuseOrder(const Plan& plan, const Parameter& source, const Parameter& target);
/// A parameter of the source that its layer's mate in the twin (`toLayer`) has not. Throws unless its values are neutral.
void requireNeutral(const Plan& plan, const Parameter& source, std::string_view toLayer);

}
