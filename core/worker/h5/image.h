// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"

#include <cstddef>
#include <span>
#include <vector>

namespace core::worker::h5 {

/// The bytes of an HDF5 file (superblock 0, contiguous datasets) made in memory from
/// {"groups":[{"path","attributes":[see writeAttribute]}], "datasets":[{"path","dtype","shape"}]}; parents come before their children, "/"
/// is there. `values`: those of the datasets one after the other, little-endian. Throws Error("h5-write") when they do not fit.
std::vector<std::byte> fileImage(const Json& tree, std::span<const std::byte> values);

}
