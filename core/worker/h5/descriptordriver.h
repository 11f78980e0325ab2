// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/worker/h5/handle.h"

#include <cstdint>

namespace core::worker::h5 {

/// A file access list that reads `size` bytes of an open descriptor, from `base` on, by pread: HDF5 gets no path, so nothing in the file
/// can name another one. External links are refused, and closing the file closes everything in it.
Handle descriptorAccess(int fd, std::uint64_t base, std::uint64_t size);

}
