// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/keras/weights/store.h"

namespace core::formats {

/// Variables that Keras 2 wrote with weights_format "npz": each `<path>.npy` is a pickled dictionary {"0": array, "1": array} of NumPy,
/// which is read as data; a plain `<path>/vars/0.npy` is taken as well. Throws Error.
KerasStore npzStore(const std::shared_ptr<const File>& file, const Progress& progress);

}
