// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/format.h"

namespace core::formats {

/// A program of torch.export: <root>/models/*.json and data/ (PyTorch 2.8 and newer), serialized_exported_program.json (2.1 to 2.7).
extern const Format pt2;

}
