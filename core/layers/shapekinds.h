// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

namespace core::layers {

extern const Kind inputKind, flatten, dropout, identity, noise, select;
extern const Kind reshape, permute, repeatVector, squeeze, unsqueeze, expand, tile, slice, split, stack;

}
