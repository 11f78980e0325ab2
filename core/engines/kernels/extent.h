// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/kernels/kernels.h"

namespace core::engines::kernels {

inline std::int64_t count(const Extent& extent)
{
    return extent.depth * extent.height * extent.width;
}

}
