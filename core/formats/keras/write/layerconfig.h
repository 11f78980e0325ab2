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
};

/// {"module","class_name","config","registered_name":null}, the form that every generation takes.
Json kerasObject(const std::string& module, const std::string& className, Json config);

/// The class of a layer with the ops of one of its calls: through Kind::toKeras with a fused activation folded back, or its own
/// configuration without what one generation of Keras writes and another refuses. Throws Error("keras-write") for a layer that has neither.
KerasClass kerasClass(const std::vector<const Op*>& ops, const Layer& layer);

}
