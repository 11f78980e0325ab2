// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"

#include <string>

namespace core::formats {

/// Whose the class of a serialised Keras object is. Keras' own are those whose module is keras, keras.*, tf_keras.* or
/// tensorflow.(python.)keras.*, and those that name neither a module nor a registered name (Keras 1, the .h5 of all). A class that was
/// registered with a package, or of another module, is somebody else's whatever it is called. Source: object_registration.py and
/// serialization_lib.py of Keras 2.15 and 3.15, tried.
struct KerasOwner
{
    bool isForeign = false;
    std::string package;   ///< of a foreign one, empty when the file does not tell: a class of the user's own script
    bool isModule = false; ///< the package is the module that the class is in; it was not registered

    /// "Dense of the package custom_pkg", for messages.
    std::string title(std::string_view className) const;
    /// Why a layer of a foreign class cannot run.
    std::string reason(std::string_view className) const;
};
KerasOwner kerasOwner(const Json& object);

/// The class name without the package that Keras' .h5 writes before it ("custom_pkg>Dense").
std::string bareClassName(const Json& object);

/// Whether the object is a function used as a layer: TFOpLambda and SlicingOpLambda of Keras 2, an Operation of keras.ops in Keras 3.
bool isKerasOperator(const Json& object);

}
