// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/compare.h"

#include <functional>

namespace core::compare {

/// The value of a port, null when it was not computed.
const Tensor* valueOf(const Side& side, Port port);
/// Why an op has no value: "2 (GELU) could not be computed: GELU cannot run yet", "4 (Linear) could not be computed for want of 2 (GELU):
/// GELU cannot run yet".
std::string whyMissing(const Side& side, int op);

/// Where NaN enters the run; empty when it does not.
std::optional<NanOrigin> nanOrigin(const Side& side);

/// Counts, the largest figure, the first divergence, the verdict and the reason where there is none.
void conclude(Report& report, const Side& left, const Side& right);
/// Counts of the parameters.
void countParameters(Report& report);
/// What the mapping left open of layers that hold weights, by layer names.
std::vector<mapping::Ambiguity> openAmbiguities(const mapping::Mapping& mapping, const Model& left, const Model& right);

/// The link that an op is of. Ops that only pass on (Dropout) and, when asked for, activations are looked through where no link has them.
const mapping::Link* linkOf(const mapping::Mapping& mapping, const Model& model, int op, bool onLeft, bool throughActivations);

using PortPairs = std::vector<std::pair<Port, Port>>;
/// Pairs values for which `belong` says so of one candidate alone on either side, and takes them out of both lists.
void takePairs(std::vector<Port>& left, std::vector<Port>& right, PortPairs& pairs, const std::function<bool(Port, Port)>& belong);

/// Nothing but NaN on both sides: equal, and yet nothing was compared.
bool isNanThroughout(const Metrics& metrics, const Tensor& right);

/// The larger one; NaN when either is.
double greater(double a, double b);

}
