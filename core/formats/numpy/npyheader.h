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
/// The tensor itself, or what NumPy can hold of it.
Tensor forNumpy(const Tensor& tensor);

}
