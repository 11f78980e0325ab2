// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/mapping.h"

namespace core::mapping {

/// Parameters of which `model`'s file says only that they are one of several ("gamma or beta") get the role that the linked layer of `twin`
/// leaves: the only one that it has, or the one whose value there is not neutral. Each is noted; what the twin does not tell stays open,
/// and the layer cannot run. Nothing where none was settled.
std::optional<Model> withSettledRoles(const Model& model, const Model& twin, const Mapping& mapping, bool onLeft);

/// Whether `op` has a parameter that may be the one of this role.
bool mayHave(const Op& op, const std::string& role);

}
