// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/inputs.h"
#include "app/cli/pair.h"
#include "core/compare/causes/causes.h"
#include "core/json/json.h"
#include "core/report/page.h"
#include "core/report/text.h"

#include <fmt/format.h>

namespace app {

using core::Model;
using core::compare::Report;
using core::compare::Verdict;

namespace {

/// Runs both; where nobody asked for a number of samples and they are too many for the memory, fewer.
core::session::Traces traced(const core::session::Pair& pair, Input& input, core::engines::Engine& left, core::engines::Engine& right,
                             const core::Progress& progress)
{
    for (;;) {
        try {
            return core::session::runBoth(&left, &right, input.inputsFor(pair), progress);
        } catch (const core::Error& error) {
            if (error.id() != "activations-too-large" || !input.takeFewer())
                throw;
        }
    }
}

Report compared(const core::session::Pair& pair, Input& input, const Options& options)
{
    input.chooseFor(*pair.runRight);
    const core::Progress progress = options.console.progress("running");
    const auto leftEngine = core::engines::makeEngine(pair.runLeft, progress),
               rightEngine = core::engines::makeEngine(pair.runRight, progress);
    const auto traces = traced(pair, input, *leftEngine, *rightEngine, progress);
    options.console.log(fmt::format("ran: left {:.2f} ms, right {:.2f} ms", traces.left.milliseconds, traces.right.milliseconds));
    Report report = core::session::runReport(pair, traces, options.tolerance);
    core::compare::addLocalErrors(report, {pair.runLeft.get(), &traces.left}, *rightEngine, pair.mapping, progress, &traces.right);
    report.causes = core::compare::causesOf(report, {pair.runLeft.get(), &traces.left}, {pair.runRight.get(), &traces.right}, pair.mapping,
                                            options.console.progress("looking for causes"));
    return report;
}

Report ofWeights(const core::session::Pair& pair, const Options& options)
{
    Report report = core::session::weightsReport(pair, options.tolerance);
    report.causes = core::compare::causesOfParameters(report, *pair.left, *pair.right, pair.mapping);
    return report;
}

/// What can be told of the pair: where their inputs cannot be paired, the weights alone.
Report reported(const core::session::Pair& pair, Input& input, const Options& options)
{
    if (!pair.runLeft || !pair.runRight)
        return ofWeights(pair, options);
    try {
        return compared(pair, input, options);
    } catch (const core::Error& error) {
        if (error.id() != "inputs-differ")
            throw;
        Report report = ofWeights(pair, options);
        report.reason = {error.id(), {}, error.what()};
        return report;
    }
}

int status(Verdict verdict)
{
    return verdict == Verdict::TiesOut ? 0 : verdict == Verdict::Differs ? 1 : 2;
}

}

int compareCommand(const Options& options)
{
    Input input(options.input);
    const auto opened = openPair(options.first, options.second, options, input.arrays(), true);
    const core::session::Pair& pair = opened.pair;
    const Report report = reported(pair, input, options);
    const Model &left = *pair.left, &right = *pair.right;
    if (!options.report.empty())
        writeText(options.report, core::report::comparePage(left, right, input.info(), report));
    if (!options.junit.empty())
        writeText(options.junit, core::report::junitDocument(left, right, report));
    if (options.json)
        options.console.result(core::dumpJson(core::report::compareDocument(left, right, input.info(), report)) + "\n");
    else
        options.console.result(core::report::compareText(left, right, input.info(), report, options.console.hasColour()));
    if (report.verdict == Verdict::NotCompared && options.json)
        options.console.message(report.reason.text);
    return status(report.verdict);
}

}
