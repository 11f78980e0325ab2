// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/format.h"

namespace core::formats {

/// PyTorch's containers (formats.md A0 to A3).
extern const Format torchZip, torchLegacy, torchTar;

/// A pickle that torch.save did not write and that holds arrays all the same.
extern const Format plainPickle;

}
