// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/files/file.h"
#include "core/model/model.h"

#include <functional>
#include <string>

namespace core::formats {

/// What a file says of who wrote it; both may be empty.
struct KerasProducer
{
    std::string version, backend;

    std::string text() const; ///< "Keras 2.15.0 (tensorflow)", safe to show
};

/// Looks over a wired model that has its weights: shapes that no layer can take are told at the layer that cannot, and every layer that
/// cannot run gets a note that says why.
void finishKerasModel(Model& model);

/// What `read` makes, with the file's path and size; whatever goes wrong in it becomes an Error that names the file.
Model guardedKeras(const File& file, const std::function<Model()>& read);

}
