// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <string>
#include <string_view>
#include <vector>

namespace core::sweep {

/// The classes that an array of float32 tells, one for each of `samples`: whole numbers from 0 on of shape [n] or [n,1], or one-hot rows
/// [n,classes]. `file` names it in messages. Throws Error("sweep-labels").
std::vector<int> labelsOf(const Tensor& array, std::int64_t samples, const std::string& file);

/// By its name, .npy or .npz.
bool isArrayFile(std::string_view path);

}
