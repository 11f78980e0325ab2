// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/verdicttext.h"

#include "widgets/sides/sidelabel.h"
#include "widgets/sides/text.h"

#include <QCoreApplication>
#include <algorithm>

namespace app {

namespace {

using State = widgets::VerdictChip::State;

QString tr(const char* text, int n = -1)
{
    return QCoreApplication::translate("app::Verdict", text, nullptr, n);
}

QString parametersText(const core::session::Pair& pair)
{
    const auto equal = std::count_if(pair.parameters.begin(), pair.parameters.end(), [](const auto& parameter) { return parameter.equal; });
    return tr("%1 of %2 parameters equal").arg(equal).arg(pair.parameters.size());
}

QString countsText(const core::compare::Report& report)
{
    QStringList counts;
    if (report.differing > 0)
        counts << tr("%1 of %2 layers differ").arg(report.differing).arg(report.layers.size());
    const auto unmapped = report.unmappedLeft.size() + report.unmappedRight.size();
    if (unmapped > 0)
        counts << (unmapped == 1 ? tr("1 layer unmapped") : tr("%1 layers unmapped").arg(unmapped));
    return counts.join(QStringLiteral(" · "));
}

VerdictText compared(const core::compare::Report& report)
{
    VerdictText verdict;
    verdict.counts = countsText(report);
    const auto largest = widgets::twoDigits(report.minimumTolerance);
    if (report.verdict == core::compare::Verdict::TiesOut) {
        verdict.state = State::TiesOut;
        verdict.detail = tr("max |d| %1 ≤ %2").arg(largest, widgets::roundNumber(report.tolerance));
    } else if (report.verdict == core::compare::Verdict::Differs) {
        verdict.state = State::Differs;
        const bool known = report.firstDivergence >= 0;
        const auto& first = known ? report.layers[static_cast<std::size_t>(report.firstDivergence)] : core::compare::LayerResult();
        const QString size = known && first.metrics ? tr(" (max |d| %1)").arg(widgets::twoDigits(first.metrics->scaledMax)) : QString();
        verdict.detail = known ? tr("from %1 on%2").arg(QString::fromStdString(first.right), size) : tr("in the output only");
    } else {
        verdict.state = State::NotCompared;
        verdict.detail = tr("no output to compare");
    }
    return verdict;
}

QString whatIsMissing(const Workspace& workspace, const Result& result)
{
    const auto left = workspace.model(Side::Left), right = workspace.model(Side::Right);
    const auto names = widgets::sideNames(left ? left->framework : core::Framework::None, right ? right->framework : core::Framework::None);
    for (const auto& [model, name, problem] :
         {std::tuple(left, names[0], result.problemLeft), std::tuple(right, names[1], result.problemRight)}) {
        if (!model)
            return tr("no %1 model is open").arg(name.title);
        if (!problem.empty())
            return tr("%1 cannot run").arg(name.title);
    }
    return tr("no output to compare");
}

}

VerdictText verdictOf(const Workspace& workspace)
{
    const bool left = workspace.model(Side::Left) != nullptr, right = workspace.model(Side::Right) != nullptr;
    if (!left && !right && !workspace.error(Side::Left) && !workspace.error(Side::Right))
        return {State::Waiting, workspace.isLoading() ? tr("Opening …") : tr("No files open"), {}};
    if (const auto result = workspace.result()) {
        if (result->compared)
            return compared(result->report);
        return {State::NotCompared, whatIsMissing(workspace, *result), {}};
    }
    if (left && right && workspace.pair())
        return {State::Parameters, parametersText(*workspace.pair()), {}};
    if (left != right)
        return {State::NotCompared, whatIsMissing(workspace, Result()), {}};
    if (!left && !workspace.isLoading())
        return {State::NotCompared, tr("no file could be read"), {}};
    return {State::Waiting, tr("Opening …"), {}};
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
