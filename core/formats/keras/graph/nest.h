// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/keras/config/config.h"

namespace core::formats {

/// A model whose layers may be models, as one graph without any: their layers are called "outer/inner", edges go straight through, their
/// inputs vanish. A model that is called several times gives its layers so many calls. What wrappers hold follows them, as inner layers
/// without calls. Throws Error("keras-graph") for a reference to nothing, models that only feed each other, or more than a million calls.
KerasGraph flattened(const KerasGraph& graph, std::string_view where);

}
