// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

namespace core::layers {

/// The framework in whose classes and layouts a model's layers are told: its own, or, for a file of none, that whose class names its
/// layers bear. None where nothing tells.
Framework convention(const Model& model);

}
