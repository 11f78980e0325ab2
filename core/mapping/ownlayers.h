// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"
#include "core/model/model.h"

namespace core::mapping {

/// A layer without weights that a file without wiring names.
struct Own
{
    const Layer* layer = nullptr;
    const Op* op = nullptr;
    std::string kind;   ///< empty when unknown
    std::string family; ///< of kinds that compute like things, "unknown" of those that Tieout does not know; empty: there is only a name
    std::string behind; ///< the op with weights that the file lists before it
    int block = 0;      ///< how many of those there are
};

/// In the file's order, inputs left out.
std::vector<Own> ownLayers(const Model& model);

/// The op that computes a layer, as the file tells it; null for a name alone.
const Op* opOf(const Model& model, const Layer& layer);
/// The kind of a layer without weights: its op's, else what its class says. Empty when unknown.
std::string kindOf(const Model& model, const Layer& layer);
/// Whether a layer has values that its code may use: all but counters.
bool hasWeights(const Model& model, const Layer& layer);
/// Whether an op of an unknown kind belongs to a layer with weights, of which none is known by its role.
bool isStrange(const Model& model, const Op& op);
/// A weight that the op's kind has no use for ("fc.lora_A"); empty when there is none.
std::string strangeWeight(const Model& model, const Op& op);
/// The family of an op of this kind, as Own::family.
std::string familyOf(const std::string& kind);
/// Whether it does nothing at inference.
bool isTransparentKind(const std::string& kind);
/// Whether two kinds may change places: rising functions of single elements, and what only picks or orders elements.
bool commute(const std::string& a, const std::string& b);

}
