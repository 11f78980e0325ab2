// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/steps.h"
#include "core/model/model.h"

namespace core::layers {

/// Ops of a model that one layer of another framework computes together: a Bidirectional of two recurrent ops and what joins them.
struct Gathered
{
    std::string className;
    std::string innerName;            ///< of the layer that it wraps, behind the layer's own name: "_lstm"
    Json config;                      ///< without the layer's name; the wrapped layer has none yet
    Steps steps;                      ///< as that framework's files are read
    std::vector<int> ops;             ///< of the model, beside the steps
    std::vector<std::size_t> bearers; ///< the steps that have parameters, in the order in which the framework lists them
};

/// The layer whose last op is `op`; nothing where it ends none.
std::optional<Gathered> gathered(const Model& model, int op, Framework there);
/// The configuration with the names of the layer and of what it wraps.
Json namedConfig(const Gathered& layer, const std::string& name);
/// What the file calls a parameter that the layer calls `own`, within the layer: "forward_layer/kernel" is
/// "forward_rnn_lstm/lstm_cell/kernel".
std::string namedParameter(const Gathered& layer, const std::string& name, const std::string& own);

}
