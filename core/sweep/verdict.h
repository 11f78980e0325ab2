// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/compare.h"
#include "core/sweep/sweep.h"

namespace core::sweep {

/// What holds of a sweep whatever samples it ran on.
struct Weights
{
    int equal = 0, differing = 0, unknown = 0;  ///< linked parameters, as compare::Report has them
    std::string open;                           ///< what keeps the weights alone from tying out; empty when nothing does
    std::optional<mapping::Assumption> assumed; ///< what the verdict takes for granted
    std::vector<Note> notes;
};
Weights weightsOf(const compare::Report& weights);

struct Conclusion
{
    compare::Verdict verdict = compare::Verdict::NotCompared;
    std::string reason; ///< why there is no verdict; empty otherwise
};
/// As compare's of outputs and parameters: differs where any sample is over tolerance or a linked parameter is; ties out where every output
/// of every sample was compared and nothing is open; everything else is not compared. What is open where wiring is assumed may be why
/// samples are over tolerance: then nothing is said to differ.
Conclusion conclusion(const Sweep& sweep, int differingParameters, const std::string& open, bool isAssumed);

}
