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

/// Where a side's wiring is borrowed that is told of what runs, not of what the file holds.
void tellAssumptions(compare::Report& report, const Pair& pair)
{
    for (const bool onLeft : {true, false}) {
        const auto& run = onLeft ? pair.runLeft : pair.runRight;
        if (!run)
            continue;
        if (auto assumed = mapping::assumption(*run, onLeft))
            report.assumed = std::move(assumed);
        for (const Note& note : run->notes)
            if (note.message.id == "borrowed-wiring")
                report.notes.push_back({note.message, note.severity, run->origin.path});
    }
}

}

compare::Report weightsReport(const Pair& pair, double tolerance)
{
    if (pair.left && pair.right) {
        compare::Report report =
            compare::compareWeights(*pair.left, *pair.right, pair.mapping, pair.parameters, tolerance, whyNotRun(pair));
        tellAssumptions(report, pair);
        return report;
    }
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
