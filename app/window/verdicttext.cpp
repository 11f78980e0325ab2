// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/verdicttext.h"

#include "app/window/causetext.h"

#include "core/report/summary.h"
#include "widgets/lists/text.h"
#include "widgets/sides/sidelabel.h"
#include "widgets/sides/text.h"

#include <QCoreApplication>
#include <algorithm>

namespace app {

namespace {

using State = widgets::VerdictChip::State;

using core::compare::Report;
using core::compare::Verdict;

QString tr(const char* text)
{
    return QCoreApplication::translate("app::Verdict", text);
}

QString shown(std::string_view text)
{
    return widgets::typeset(QString::fromStdString(core::printable(text, 1000))).replace(QLatin1String("<="), QStringLiteral("≤"));
}

/// How many sample digits tie out, and whether that contradicts the digit that is shown.
struct SamplesText
{
    bool differ = false;
    QString text;
};

SamplesText samplesText(const Workspace& workspace, const Report& report)
{
    if (workspace.runsSamples())
        return {false, tr("running the sample digits …")};
    const auto runs = workspace.sampleRuns();
    if (!runs || runs->count() == 0)
        return {};
    const int good = runs->tyingOut(report.tolerance);
    const bool tiesOut = report.verdict == Verdict::TiesOut;
    const QString text =
        tiesOut && !report.assumed ? tr("ties out on %1 of %2 sample digits") : tr("outputs agree on %1 of %2 sample digits");
    return {tiesOut && good < runs->count(), text.arg(good).arg(runs->count())};
}

/// The summary's words behind the chip's own "DIFFERS".
QString behindTitle(const core::report::Summary& summary, const char* title)
{
    QString rest = shown(summary.headline);
    if (rest.startsWith(QLatin1String(title)))
        rest = rest.mid(static_cast<qsizetype>(qstrlen(title))).trimmed();
    const QString detail = shown(summary.detail);
    return rest.isEmpty() ? detail : detail.isEmpty() ? rest : QStringLiteral("%1 (%2)").arg(rest, detail);
}

/// What the weights alone tell: "9 of 10 parameters equal".
QString weightsText(const Report& report)
{
    return report.parameters.empty() ? QString()
                                     : tr("%1 of %2 parameters equal").arg(report.equalParameters).arg(report.parameters.size());
}

QString differingOf(const SampleRuns& runs, double tolerance)
{
    const auto first = std::find_if(runs.samples.begin(), runs.samples.end(), [&](const auto& one) { return !one.tiesOut(tolerance); });
    return tr("on %1 of %2 sample digits (first: %3, max |d| %4)")
        .arg(runs.count() - runs.tyingOut(tolerance))
        .arg(runs.count())
        .arg(first - runs.samples.begin())
        .arg(widgets::twoDigits(first->worst));
}

/// The same where fixes are tried: it is of the copies, and never looks as if it were of the files.
VerdictText afterTrials(VerdictText verdict, const Workspace& workspace)
{
    const auto& trials = workspace.trials();
    if (trials.empty())
        return verdict;
    verdict.repairs = static_cast<int>(trials.size());
    if (verdict.state == State::TiesOut || verdict.state == State::Assumed)
        verdict.state = State::Repaired;
    const QString told = tr("of the copy in memory: %1 is as it was").arg(triedFiles(trials, workspace));
    verdict.counts = verdict.counts.isEmpty() ? told : told + QStringLiteral(" · ") + verdict.counts;
    return verdict;
}

VerdictText judged(const Workspace& workspace, const Report& report)
{
    const core::report::Summary summary = core::report::summaryOf(report);
    QStringList counts, nans;
    for (const std::string& note : summary.notes)
        (note.starts_with("NaN") ? nans : counts) << shown(note);
    const SamplesText samples = samplesText(workspace, report);
    if (!samples.text.isEmpty())
        counts.prepend(samples.text);
    counts = nans + counts;
    VerdictText verdict;
    switch (report.verdict) {
    case Verdict::TiesOut:
        verdict = samples.differ ? VerdictText{State::Differs, differingOf(*workspace.sampleRuns(), report.tolerance), {}}
                                 : VerdictText{report.assumed ? State::Assumed : State::TiesOut, shown(summary.detail), {}};
        break;
    case Verdict::Differs:
        verdict = {State::Differs, behindTitle(summary, "DIFFERS"), {}};
        if (const auto& causes = causesOf(workspace); !causes.empty())
            verdict.why = tr("%1: %2").arg(layerOf(causes.front()), causeText(causes.front()));
        break;
    case Verdict::NotCompared: {
        const QString weights = report.compared == 0 ? weightsText(report) : QString();
        if (!weights.isEmpty()) { // that is what there is to know; why nothing ran stands behind it
            counts.removeOne(weights);
            counts.append(shown(report.reason.text));
        }
        verdict = {State::NotCompared, weights.isEmpty() ? shown(report.reason.text) : weights, {}};
        break;
    }
    }
    verdict.counts = counts.join(QStringLiteral(" · "));
    return verdict;
}

QString missingSide(const Workspace& workspace)
{
    const auto left = workspace.model(Side::Left), right = workspace.model(Side::Right);
    const auto names = widgets::sideNames(left ? left->framework : core::Framework::None, right ? right->framework : core::Framework::None);
    return !left && !right ? tr("no file could be read") : tr("no %1 model is open").arg(names[left ? 1 : 0].title);
}

/// "All 8 layers within 1e-5. Largest: dense, 3.8e-7."
QString withinText(const Report& report)
{
    const core::compare::LayerResult* most = nullptr;
    for (const auto& layer : report.layers)
        if (layer.metrics && (!most || layer.metrics->scaledMax > most->metrics->scaledMax))
            most = &layer;
    if (!most)
        return {};
    const QString tolerance = widgets::roundNumber(report.tolerance);
    const auto count = report.layers.size();
    const bool allRan = std::all_of(report.layers.begin(), report.layers.end(), [](const auto& layer) { return !layer.shape.empty(); });
    const QString who = report.notCompared > 0 ? (allRan ? tr("%1 of %2 layers could be compared, all within %3.")
                                                         : tr("%1 of %2 layers could run, all within %3."))
                                                     .arg(report.compared)
                                                     .arg(count)
                                                     .arg(tolerance)
                        : count == 1 ? tr("The only layer is within %1.").arg(tolerance)
                                     : tr("All %1 layers within %2.").arg(count).arg(tolerance);
    return who + tr(" Largest: %1 at %2.").arg(widgets::twoDigits(most->metrics->scaledMax), shown(most->right));
}

QString countedLayers(const Report& report)
{
    QString text = tr("%1 of %2 layers differ.").arg(report.differing).arg(report.layers.size());
    if (report.notCompared > 0)
        text += tr(" %1 could not run.").arg(report.notCompared);
    return text;
}

}

VerdictText verdictOf(const Workspace& workspace)
{
    const bool left = workspace.model(Side::Left) != nullptr, right = workspace.model(Side::Right) != nullptr;
    if (!left && !right && !workspace.error(Side::Left) && !workspace.error(Side::Right))
        return {State::Waiting, workspace.isLoading() ? tr("Opening …") : tr("No files open"), {}};
    if (left != right || (!left && !workspace.isLoading()))
        return {State::NotCompared, missingSide(workspace), {}};
    const Report* report = workspace.report();
    if (!report)
        return {State::Waiting, tr("Opening …"), {}};
    if (!workspace.result()) // both networks are on their way
        return {State::Parameters, weightsText(*report).isEmpty() ? tr("Preparing both networks …") : weightsText(*report), {}};
    return afterTrials(judged(workspace, *report), workspace);
}

widgets::ChartHeadline chartHeadline(const Workspace& workspace, int cause)
{
    using Tone = widgets::ChartHeadline::Tone;
    if (!workspace.model(Side::Left) || !workspace.model(Side::Right))
        return {Tone::Plain, {}, tr("Needs both sides.")};
    const Report* report = workspace.report();
    if (!report || !workspace.result())
        return {Tone::Plain, {}, tr("Preparing both networks …")};
    const core::report::Summary summary = core::report::summaryOf(*report);
    const QString within = withinText(*report), why = whyText(workspace, cause);
    const int tried = static_cast<int>(workspace.trials().size());
    switch (report->verdict) {
    case Verdict::Differs:
        if (report->firstDivergence >= 0) {
            const auto& first = report->layers[static_cast<std::size_t>(report->firstDivergence)];
            return {Tone::Bad, tr("First over tolerance: %1").arg(shown(first.right)), why.isEmpty() ? countedLayers(*report) : why};
        }
        return {Tone::Bad, tr("Differs %1.").arg(behindTitle(summary, "DIFFERS")), why.isEmpty() ? within : why};
    case Verdict::TiesOut:
        if (samplesText(workspace, *report).differ)
            return {Tone::Bad, tr("Differs %1.").arg(differingOf(*workspace.sampleRuns(), report->tolerance)),
                    tr("On this one: ") + within};
        if (tried > 0)
            return {Tone::Tried, tried == 1 ? tr("After 1 repair in memory.") : tr("After %1 repairs in memory.").arg(tried), within};
        if (report->assumed)
            return {Tone::Unsure, tr("As far as the files tell."), within};
        return {Tone::Good, {}, within};
    case Verdict::NotCompared:
        break;
    }
    if (!causesOf(workspace).empty())
        return {Tone::Unsure, tr("Not compared."), why};
    const QString known = within.isEmpty() ? weightsText(*report) : within;
    return {Tone::Unsure, tr("Not compared."),
            known.isEmpty() ? shown(report->reason.text)
                            : known + QLatin1String(within.isEmpty() ? ". " : " ") + shown(report->reason.text)};
}

QString timesText(const Workspace& workspace)
{
    const auto result = workspace.result();
    if (!result)
        return {};
    QStringList parts;
    const auto names = widgets::sideNames(result->pair->left ? result->pair->left->framework : core::Framework::None,
                                          result->pair->right ? result->pair->right->framework : core::Framework::None);
    const auto add = [&](const widgets::SideName& name, const core::engines::Trace& trace) {
        if (!trace.values.empty())
            parts << tr("%1 %2 ms").arg(name.shortName, QString::number(trace.milliseconds, 'f', trace.milliseconds < 0.1 ? 2 : 1));
    };
    add(names[0], result->traces.left);
    add(names[1], result->traces.right);
    return parts.join(QStringLiteral("   "));
}

}
