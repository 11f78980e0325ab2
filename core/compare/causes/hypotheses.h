// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/causes/subject.h"

#include <functional>
#include <span>

namespace core::compare {

/// Another set of values for linked parameters, and what would have been done to them.
struct Variant
{
    std::string id, what;                 ///< "kernel-spatial-transpose", "kernel height and width swapped"
    std::map<std::string, Tensor> values; ///< by the right's names: for the parameters that it explains, and others that change with them
};

/// What may have been done to linked parameters that differ: variants of the right's values of which one may be what is expected. Cheap:
/// the values are compared, and only what makes them equal is tried.
struct Rearrangement
{
    std::vector<Variant> (*variants)(const Weights&, const Subject&);
};
/// The table, in the order in which causes are told.
std::span<const Rearrangement> rearrangements();

std::vector<Variant> spatialVariants(const Weights&, const Subject&);
std::vector<Variant> channelVariants(const Weights&, const Subject&);
std::vector<Variant> flattenVariants(const Weights&, const Subject&);
std::vector<Variant> blockVariants(const Weights&, const Subject&);
std::vector<Variant> multiplierVariants(const Weights&, const Subject&);
std::vector<Variant> exchangeVariants(const Weights&, const Subject&);
std::vector<Variant> biasVariants(const Weights&, const Subject&);
std::vector<Variant> storedVariants(const Weights&, const Subject&);
std::vector<Variant> precisionVariants(const Weights&, const Subject&);

/// Something else that may be otherwise: settings, activations, layers.
struct Candidate
{
    std::string id, what;
    Repair repair;
    bool takesLeft = false;        ///< it gives the right what the left has, in place of undoing something
    int leftOp = -1, rightOp = -1; ///< that it is about, where that is not the pair's last
};
/// Each is tried by running the pair alone.
struct Hypothesis
{
    std::vector<Candidate> (*candidates)(const Subject&);
};
std::span<const Hypothesis> hypotheses();

std::vector<Candidate> settingCandidates(const Subject&);
std::vector<Candidate> activationCandidates(const Subject&);
std::vector<Candidate> layerCandidates(const Subject&);
std::vector<Candidate> absentCandidates(const Subject&);
std::vector<Candidate> exchangeCandidates(const Subject&);
std::vector<Candidate> parameterCandidates(const Subject&);
std::vector<Candidate> scalingCandidates(const Subject&);

/// Position of the axis of that name, whatever is known of its order, or -1.
int axisNamed(const Axes& axes, std::string_view name);
/// The elements along `axis` in another order: place k gets what stood at order[k].
Tensor inOrder(const Tensor& tensor, std::size_t axis, const std::vector<std::int64_t>& order);
/// 0 .. size - 1 by blocks of equal size, in the order of the blocks.
std::vector<std::int64_t> blockOrder(std::int64_t size, const std::vector<std::int64_t>& blocks);
/// All orders of 0 .. count - 1 but the usual one.
std::vector<std::vector<std::int64_t>> otherOrders(std::int64_t count);

/// How linked weights differ, for people: "kernel in 3 of 24 elements, [0,1]: 0.5 against 2", "kernel in all of 120 elements (correlation
/// 0.02), as another training gives". `elements` gets those that differ where they are few.
std::string describe(const Weights& weights, std::vector<Element>& elements);

}
