// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/calls.h"
#include "core/mapping/labelled.h"

namespace core::compare {

/// Ops that are computed together, what they take from outside and what they give.
struct Group
{
    std::vector<int> ops;     ///< in order of computation
    std::vector<Port> inputs; ///< values from outside, in order of use
    Port output;
};

/// The ops of a call and all between them (an op left out of the link, such as a Dropout, that lies on the way), with what stands before
/// them and is `loose`: of no link. Empty: nothing is.
Group groupOf(const Model& model, const Call& call, const std::vector<bool>& loose = {});
/// By op: computed, and of no link.
std::vector<bool> looseOps(const Model& model, const mapping::Mapping& mapping, bool onLeft);

/// What local errors are made of.
struct Bench
{
    Side left;
    mapping::Labelled right;          ///< the right model with what it computes
    const engines::Trace* rightTrace; ///< of its own run, or null
    const mapping::Mapping& mapping;
    std::vector<bool> looseLeft, looseRight;

    /// `rightTrace` may be null: then the right side takes the left's input, however it was scaled.
    Bench(const Side& leftSide, const Model& rightModel, const engines::Trace* trace, const mapping::Mapping& links);
};

/// A pair of groups with what both take: the left run's values, the model's inputs as each side has them.
struct Alone
{
    Group left, right;
    engines::Feeds feeds; ///< of the right model's ports
    Tensor own;           ///< what the left run made of them
};
/// Empty where it is not sure which value is which, or one is not known. `withLoose`: with what stands unlinked before them.
std::optional<Alone> aloneOf(const std::pair<Call, Call>& call, const Bench& bench, bool withLoose);
/// The same as they are told apart, those with what is loose first, where it is another.
std::vector<Alone> alonesOf(const std::pair<Call, Call>& call, const Bench& bench);

/// How far the right group is from the left.
struct Outcome
{
    std::optional<Metrics> metrics;
    bool shapesDisagree = false;
    Tensor left, right; ///< what was compared, in the right layout; as they came where they cannot be

    bool isKnown() const { return metrics || shapesDisagree; }
    double error() const; ///< scaled; infinite where the shapes disagree
    bool agrees(double tolerance) const { return metrics && metrics->scaledMax <= tolerance; }
};
/// `result` is what the right group gives, null when it could not be computed.
Outcome outcomeOf(const Alone& alone, const Tensor* result, const Bench& bench);

/// The call that a result tells of; empty when the mapping has it no more.
std::optional<std::pair<Call, Call>> callOf(const LayerResult& layer, const Model& left, const Model& right,
                                            const mapping::Mapping& mapping);

}
