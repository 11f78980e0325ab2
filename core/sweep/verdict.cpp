// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/verdict.h"

#include <fmt/format.h>

namespace core::sweep {

using compare::Verdict;

Weights weightsOf(const compare::Report& weights)
{
    return {weights.equalParameters,   weights.differingParameters,
            weights.unknownParameters, compare::openQuestion(weights).text,
            weights.assumed,           weights.notes};
}

Conclusion conclusion(const Sweep& sweep, int differingParameters, const std::string& open, bool isAssumed)
{
    const std::string problem = sweep.problem ? fmt::format("sample {}: {}", sweep.problem->first, sweep.problem->second) : std::string();
    if (sweep.measured == 0 && sweep.over == 0)
        return {Verdict::NotCompared, problem.empty() ? std::string("no output could be compared") : problem};
    if (differingParameters > 0 || (sweep.over > 0 && (!isAssumed || open.empty())))
        return {Verdict::Differs, {}};
    if (!problem.empty())
        return {Verdict::NotCompared, problem};
    if (!open.empty())
        return {Verdict::NotCompared, open};
    return {Verdict::TiesOut, {}};
}

}
