// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/keras/config/owner.h"
#include "core/json/json.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace core::formats {

struct KerasGraph;

/// A tensor by what computes it: the `node`-th call of `layer`, its output number `tensor`.
struct KerasTensor
{
    std::string layer;
    std::size_t node = 0, tensor = 0;
    std::string name = {};    ///< the keyword under which a call takes it; empty for the layer's plain inputs
    std::size_t argument = 0; ///< Keras 3: which of the call's positional arguments holds it
};

/// A layer as a Keras configuration of any generation tells it.
struct KerasLayer
{
    std::string className, name;                      ///< the class without its package
    Json config = Json::object();                     ///< without what `graph` and `wrapped` hold
    KerasOwner owner = {};                            ///< whose the class is
    bool isOperator = false;                          ///< a function used as a layer
    std::vector<std::vector<KerasTensor>> calls = {}; ///< each with its input tensors, in argument order
    std::vector<Json> arguments = {};                 ///< what else each call is given, by name; tensors by their layers' names
    std::vector<Json> forms = {};                     ///< the calls as kerasForms() has them
    Json origin = Json::object();                     ///< of an operator: module and registered_name, as far as the file has them
    std::shared_ptr<const KerasGraph> graph = {};     ///< of a model that is used as a layer
    std::vector<KerasLayer> wrapped = {};             ///< what a Bidirectional, a TimeDistributed or another wrapper holds
    std::string attribute = {};                       ///< of a wrapped one, where its wrapper keeps it: "layer", "forward_layer"
    bool isImplied = false;                           ///< the input of a Sequential, which Keras does not count among the layers
    bool isInner = false;                             ///< flattened: inside of a wrapper, so it is never called by itself
    std::string partOf = {};                          ///< flattened: the wrapper's name, where what it holds is a part of it and no layer
    std::vector<std::string> path = {};               ///< flattened: its names from the outermost model on
};

/// A model's configuration; formats.md B1 and B5.
struct KerasGraph
{
    std::string className, name;
    KerasOwner owner = {};
    bool isSequential = false;
    std::vector<KerasLayer> layers; ///< in the file's order; a Sequential has an implied input before them
    std::vector<KerasTensor> inputs, outputs;
    std::vector<std::string> foreignModels = {}; ///< flattened: models of classes that are not Keras' own, in words
};

/// Reads `model_config`: Sequential as an object or, before Keras 2.2.4, a bare list; Functional (once called Model) with the inbound nodes
/// of Keras 1, 2 or 3; models and wrappers as layers, to any depth that the JSON has. References to a nested model's calls count from 0,
/// as in Keras 3. Throws Error("json-...") or Error("keras-config"); `where` names the text in messages.
KerasGraph parseKerasConfig(std::string_view text, std::string_view where);
/// The same of a parsed text, which is taken apart.
KerasGraph kerasGraph(Json&& root, std::string_view where);
/// Whether the configuration has layers; a class of the user's own has none, only its code knows them.
bool tellsLayers(const Json& root);

/// json[key], or null when it is absent, null or `json` no object.
const Json* memberOf(const Json& json, const char* key);

/// config[key] as text, empty when it is absent or something else.
std::string textIn(const Json& json, const char* key);

}
