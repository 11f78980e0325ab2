// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/format.h"

namespace core::formats {

/// A TorchScript archive (torch.jit.save): <root>/data.pkl, constants.pkl and code/ (formats.md A4).
extern const Format torchScript;

}
