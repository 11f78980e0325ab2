// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"
#include "core/model/model.h"

namespace core::formats {

/// A layer as it is written: class and config, without name and dtype.
struct KerasClass
{
    std::string name;
    Json config;
    std::string module = "keras.layers";
    Json registered = nullptr; ///< the name that it is registered by, or given by as a custom object, null of Keras' own
};

/// {"module","class_name","config","registered_name"}, the form that every generation takes.
Json kerasObject(const std::string& module, const std::string& className, Json config, Json registered = nullptr);

/// The class of a layer with the ops of one of its calls: through Kind::toKeras with a fused activation folded back, or its own
/// configuration without what one generation of Keras writes and another refuses. Throws Error("keras-write") for a layer that has neither.
KerasClass kerasClass(const std::vector<const Op*>& ops, const Layer& layer);

}
