// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/inputs.h"
#include "app/cli/pair.h"
#include "core/json/json.h"
#include "core/report/page.h"
#include "core/report/text.h"

#include <fmt/format.h>

namespace app {

using core::Model;
using core::compare::Report;
using core::compare::Verdict;

namespace {

/// What the weights alone tell, where one side cannot run.
Report weightsOnly(const core::session::Pair& pair, double tolerance)
{
    Report report;
    report.tolerance = tolerance;
    report.unmappedLeft = core::mapping::unmappedLayers(pair.mapping, *pair.left, true);
    report.unmappedRight = core::mapping::unmappedLayers(pair.mapping, *pair.right, false);
    for (const std::string& why : {pair.cannotRunLeft, pair.cannotRunRight})
        if (!why.empty() && (report.notes.empty() || report.notes.front().message.text != why))
            report.notes.push_back({{"cannot-run", {}, why}, core::Note::Severity::Error, {}});
    return report;
}

Report compared(const core::session::Pair& pair, Input& input, const Options& options)
{
    input.chooseFor(*pair.runRight);
    const core::Tensor left = input.tensorFor(*pair.runLeft, true), right = input.tensorFor(*pair.runRight, false);
    const core::Progress progress = options.console.progress("running");
    const auto leftEngine = core::engines::makeEngine(pair.runLeft, progress),
               rightEngine = core::engines::makeEngine(pair.runRight, progress);
    const auto traces = core::session::runBoth(leftEngine.get(), &left, rightEngine.get(), &right, progress);
    options.console.log(fmt::format("ran: left {:.2f} ms, right {:.2f} ms", traces.left.milliseconds, traces.right.milliseconds));
    const core::compare::Side leftSide{pair.runLeft.get(), &traces.left}, rightSide{pair.runRight.get(), &traces.right};
    Report report = core::compare::compareTraces(leftSide, rightSide, pair.mapping, options.tolerance);
    core::compare::addLocalErrors(report, leftSide, *rightEngine, pair.mapping);
    return report;
}

int status(Verdict verdict)
{
    return verdict == Verdict::TiesOut ? 0 : verdict == Verdict::Differs ? 1 : 2;
}

}

int compareCommand(const Options& options)
{
    Input input(options.input);
    const auto opened = openPair(options.first, options.second, options, input.array() ? &*input.array() : nullptr, true);
    const core::session::Pair& pair = opened.pair;
    Report report = pair.runLeft && pair.runRight ? compared(pair, input, options) : weightsOnly(pair, options.tolerance);
    report.parameters = pair.parameters;
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
        for (const core::Note& note : report.notes)
            options.console.message(note.message.text);
    return status(report.verdict);
}

}
