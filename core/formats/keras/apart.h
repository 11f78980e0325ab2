// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/keras/finish.h"
#include "core/formats/keras/weights/store.h"
#include "core/json/json.h"

#include <functional>
#include <string>
#include <string_view>

namespace core::formats {

/// An architecture in a file of its own: what `model.to_json()` gives, or the config.json of an unpacked .keras.
struct KerasConfigFile
{
    std::string path;
    Json root;
    KerasProducer producer;
};

/// The id of the note that says that layers are called otherwise in the weights than in the configuration.
constexpr std::string_view configNamesNote = "keras-config-names";

/// Puts weights without an architecture together with one that lies apart: `given` where it is not empty, else the one that is found
/// beside `weights` and fits. `bare` is what the weights tell alone, `wire` the model of both. A configuration fits when each of its layers
/// gets all its weights in their shapes and no weight is left over; one that nobody named has to call its layers as the weights file does,
/// too (`wire` notes where not, see configNamesNote). Where several fit, the one whose name goes with that of the weights ("net.json",
/// "net_config.json" with "net.weights.h5") is taken, else none, with a note that says which fit. Throws Error("keras-config-fit") when
/// `given` does not fit.
Model withConfigApart(Model bare, const File& weights, const std::string& given, const std::function<Model(const KerasConfigFile&)>& wire);

/// The same of weights in a store, whatever container it lies in.
Model storeWithConfigApart(const KerasStore& store, const File& weights, const std::string& given);

/// A model of a configuration and the variables of a store. Throws Error("keras-graph").
Model wiredStore(const KerasGraph& graph, const KerasStore& store, const std::string& version, const std::string& where);

}
