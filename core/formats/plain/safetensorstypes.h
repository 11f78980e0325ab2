// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <string>
#include <string_view>

namespace core::formats {

/// What a safetensors type is here. `shape` counts elements of `dtype`: two numbers of F4 are one.
struct SafetensorsType
{
    DType dtype = DType::Opaque;
    std::uint64_t bits = 0; ///< of one number; 0 for an unknown type
    std::uint64_t bytes = 0;
    Shape shape;
    std::string problem; ///< why its values cannot be read, else empty
};

/// Throws nothing: a shape whose product overflows is a problem.
SafetensorsType safetensorsType(std::string_view name, const Shape& shape);

}
