// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/hdf5/h5file.h"
#include "core/formats/keras/config/config.h"
#include "core/model/model.h"

#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace core::formats {

/// Gives a model's layers their parameters and afterwards its ops theirs. Names stay unique over the whole file.
class KerasParameters
{
public:
    explicit KerasParameters(Model& model);

    /// Index of a layer by its name, or -1.
    int layerIndex(const std::string& name) const;
    void add(std::size_t layer, const std::string& name, std::string role, const H5Dataset& dataset, std::string detail = {});
    /// The parameters of a layer that were added, as indices in the model.
    std::vector<std::size_t> of(std::size_t layer) const { return layer < m_of.size() ? m_of[layer] : std::vector<std::size_t>(); }

    /// Parameters to the roles of their layers' ops: by name, else by order where every name is strange. What is missing, left over or of
    /// another shape becomes a note, and its op cannot run. Tells trainable ones from buffers.
    void match();
    void note(std::string id, std::string text, const std::string& where, Note::Severity severity);

private:
    void matchStep(Op& op, std::size_t layer, const std::vector<std::string>& ownRoles, bool isFirst);
    void setTrainable(std::size_t layer);
    void checkRunnable(Op& op, const std::vector<std::size_t>& leftOver);

    Model& m_model;
    std::unordered_map<std::string, std::size_t> m_layers;
    std::vector<std::vector<std::size_t>> m_of;
    std::unordered_set<std::string> m_names;
    std::set<std::pair<std::size_t, std::string>> m_named; ///< what steps call their parameters, by layer
};

/// What a wrapper calls a parameter of a layer that it holds: "forward_layer/kernel"; of other layers as it is.
std::string roleInLayer(const KerasLayer& owner, const std::string& role);

/// Gives an op those of the parameters that its kind has roles for; what stays of `indices` is left over.
void matchRoles(Model& model, Op& op, std::vector<std::size_t>& indices);

/// Moving averages, counters and all that is no floating number: nothing that training changes by gradients.
bool isBuffer(const Parameter& parameter);

/// The element type that a layer's configuration names for its variables ("bfloat16"), or empty.
std::string variableType(const Json& config);

}
