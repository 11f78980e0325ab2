// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

namespace core::formats {

/// The weight that torch.nn.utils' weight_norm or spectral_norm computes at inference from the tensors that they keep in its place, in both
/// of their forms (weight_g, or parametrizations.weight.original0). `own` are the layer's parameters by its own names for them, `name` is
/// what the weight is called. Its values are computed when they are read. Nothing where the tensors are others, or do not fit.
std::optional<Parameter> normalisedWeight(const std::map<std::string, const Parameter*>& own, const std::string& name);

/// g v / |v|, where |v| is taken over the dimensions in which g has size 1 (at::_weight_norm). Nothing where g does not fit.
std::optional<Parameter> weightNorm(const Parameter& v, const Parameter& g, const std::string& name);

}
