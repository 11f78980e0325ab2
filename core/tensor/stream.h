// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/tensor/source.h"

#include <functional>
#include <span>
#include <string>

namespace core {

/// The dense row-major little-endian bytes of a tensor from first to last, in pieces of whole elements: at most 1 MiB each where the values
/// stand densely in a file. A view is gathered in parts of at most 64 MiB where its outermost axis allows. Throws what read() throws, and
/// Cancelled.
void streamBytes(const TensorSource& source, const std::function<void(std::span<const std::byte>)>& take,
                 const Progress& progress = Progress());

/// SHA-256 of these bytes.
std::string sha256(const TensorSource& source, const Progress& progress = Progress());

}
