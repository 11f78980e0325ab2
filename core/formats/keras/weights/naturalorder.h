// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace core::formats {

/// Alphabetical order with numbers by their size, so that "layers/dense_2" comes before "layers/dense_10" and both after "layers/dense".
/// HDF5 lists groups by their letters alone, Keras counts its layers.
bool naturalLess(std::string_view a, std::string_view b);

}
