// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/dtype.h"
#include "core/worker/h5/handle.h"

#include <string>

namespace core::worker::h5 {

/// The element type of a dataset. Whatever no framework computes with is Opaque.
struct ElementType
{
    DType dtype = DType::Opaque;
    bool bigEndian = false;
    bool isOpaqueData = false; ///< bytes without a meaning (H5T_OPAQUE)
    std::size_t size = 0;
    std::string description; ///< of an opaque one: "compound", "string"
};

ElementType elementType(hid_t type);
/// The little-endian type to write or to read into; only for those that are not Opaque.
Handle fileType(DType dtype);

}
