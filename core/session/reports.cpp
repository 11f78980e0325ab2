// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session.h"

namespace core::session {

namespace {

/// Why nothing was run, in one sentence.
Message whyNotRun(const Pair& pair)
{
    if (!pair.left || !pair.right)
        return {"one-side", {}, "one side alone is open"};
    for (const std::string& why : {pair.cannotRunLeft, pair.cannotRunRight})
        if (!why.empty())
            return {"cannot-run", {}, why};
    return {"not-run", {}, "nothing was run yet"};
}

}

compare::Report weightsReport(const Pair& pair, double tolerance)
{
    if (pair.left && pair.right)
        return compare::compareWeights(*pair.left, *pair.right, pair.mapping, pair.parameters, tolerance, whyNotRun(pair));
    compare::Report report;
    report.tolerance = tolerance;
    report.reason = whyNotRun(pair);
    return report;
}

compare::Report runReport(const Pair& pair, const Traces& traces, double tolerance)
{
    return compare::compareTraces({pair.runLeft.get(), &traces.left}, {pair.runRight.get(), &traces.right}, pair.mapping, pair.parameters,
                                  tolerance);
}

}
