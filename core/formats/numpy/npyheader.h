// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <string>
#include <string_view>

namespace core::formats {

/// The dictionary at the head of a .npy array (numpy.lib.format).
struct NpyHeader
{
    std::string descr; ///< "<f4", or the text of a structured type: "[('a', '<f4')]"
    bool fortranOrder = false;
    Shape shape;
};

/// Parses the Python literal {'descr': ..., 'fortran_order': ..., 'shape': (...)}. Throws Error("npy-header").
NpyHeader parseNpyHeader(std::string_view literal, std::string_view where);

/// Magic, version and header for a dense little-endian tensor, padded to 64 bytes; the bytes follow. Throws Error("npy-dtype").
std::string npyPreamble(const Tensor& tensor);
/// The type in which NumPy holds the values of another: itself; float32 for bfloat16 and 8-bit floats, complex64 for complex32, the stored
/// integers of quantised and packed types. Opaque when there is none.
DType numpyType(DType dtype);
/// The tensor in that type.
Tensor forNumpy(const Tensor& tensor);

}
