// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/gather.h"
#include "core/layers/kind.h"
#include "core/layers/steps.h"

#include <map>
#include <set>

namespace core::convert {

/// A value of the source and what holds it in the twin.
struct There
{
    Port port;
    layers::Arrangement arrangement;
    bool isMixed = false; ///< features that lie in another order than the source's: an image was flattened as the twin has it
};

/// The twin while it grows: ops, layers of one op each, parameters without values, and what each op puts out.
class TwinModel
{
public:
    explicit TwinModel(Framework framework);

    Model model;
    layers::Values values;

    /// An input of the network.
    Port addInput(const std::string& name, const layers::Value& value);
    /// An op; `layerKey` tells which layer it belongs to, whose name is made of `wanted` when it is called for the first time. Its values
    /// are inferred. Throws Error of what its kind does not take.
    int addOp(const std::string& layerKey, const std::string& wanted, Op op);
    /// A layer of several ops, one for each step, which all take `input`; gives the index of the first.
    int addLayer(const std::string& wanted, const layers::Gathered& layer, Port input);
    /// The value with its dimensions arranged so: as it is, or through an op that puts them in order.
    Port bring(const There& value, const layers::Arrangement& wanted, const std::string& reader);
    /// A stand-in for what cannot be translated, so that the rest can be looked at.
    Port addUnknown(const layers::Value& value);
    /// Gives every op its parameters in the framework's shapes; a layer's stand in the framework's order.
    void addParameters();
    /// Completes the layers whose configuration the ops' settings do not tell: states that are read are to be given.
    void finishLayers();

private:
    void addParameters(int op);
    std::vector<layers::Value> inferredOf(const layers::Kind& kind, const Op& op) const;
    std::string uniqueName(std::string_view wanted, const Op& op);

    std::map<std::string, std::string> m_layerNames;               ///< by key
    std::map<std::pair<int, std::string>, std::string> m_ownNames; ///< of parameters, by op and role, where the layer calls them so
    std::map<int, std::vector<std::size_t>> m_bearers;             ///< of layers of several ops, by the first of them
    std::map<std::string, int> m_calls;                            ///< by layer
    std::set<std::string> m_taken;
    std::map<std::pair<Port, layers::Arrangement>, Port> m_brought;
    std::map<Port, There> m_origins; ///< of what bring() made
};

}
