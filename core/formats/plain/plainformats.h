// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/format.h"

namespace core::formats {

extern const Format safetensors, npz, npy;

}
