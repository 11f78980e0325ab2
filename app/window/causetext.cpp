// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/causetext.h"

#include "app/window/shownpair.h"
#include "widgets/lists/text.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <algorithm>

namespace app {

namespace {

using core::compare::Cause;

QString tr(const char* text)
{
    return QCoreApplication::translate("app::CauseText", text);
}

/// The report's row that it is about, or -1.
int rowOf(const core::compare::Report& report, const Cause& cause)
{
    const auto names = [](const std::string& shown, const std::vector<std::string>& layers, const std::string& name) {
        return name.empty() || shown == name || std::find(layers.begin(), layers.end(), name) != layers.end();
    };
    for (std::size_t i = 0; i < report.layers.size(); ++i)
        if (const auto& row = report.layers[i];
            names(row.left, row.leftLayers, cause.left) && names(row.right, row.rightLayers, cause.right))
            return static_cast<int>(i);
    return -1;
}

}

const std::vector<Cause>& causesOf(const Workspace& workspace)
{
    static const std::vector<Cause> none;
    const auto result = workspace.result();
    return result ? result->report.causes : none;
}

int causeOfLayer(const Workspace& workspace, const QString& layer, bool onLeft)
{
    const auto& causes = causesOf(workspace);
    const std::string name = layer.toStdString();
    for (std::size_t i = 0; i < causes.size(); ++i) {
        const int row = rowOf(workspace.result()->report, causes[i]);
        if ((row >= 0 && row == resultOf(workspace.result()->report, name, onLeft)) || (onLeft ? causes[i].left : causes[i].right) == name)
            return static_cast<int>(i);
    }
    return -1;
}

QString layerOf(const Cause& cause)
{
    return widgets::shown(cause.right.empty() ? cause.left : cause.right);
}

QString causeText(const Cause& cause)
{
    return widgets::typeset(QString::fromStdString(core::printable(cause.text, 1000)));
}

QString whyText(const Workspace& workspace, int cause)
{
    const auto& causes = causesOf(workspace);
    if (cause >= 0 && static_cast<std::size_t>(cause) < causes.size()) {
        const Cause& told = causes[static_cast<std::size_t>(cause)];
        const auto& report = workspace.result()->report;
        const QString place = rowOf(report, told) == report.firstDivergence ? QString() : tr("in %1, ").arg(layerOf(told));
        return (told.proved ? tr("Cause: %1%2.") : tr("Found: %1%2.")).arg(place, causeText(told));
    }
    if (workspace.explains()) {
        const int percent = static_cast<int>(workspace.explainedPart() * 100);
        return percent > 0 ? tr("Looking for the cause, %1 % …").arg(percent) : tr("Looking for the cause …");
    }
    const auto result = workspace.result();
    if (!workspace.whyUnexplained().isEmpty())
        return workspace.whyUnexplained();
    return result && result->explained ? tr("No cause was found.") : QString();
}

QHash<QString, QString> layerCauses(const Workspace& workspace, Side side)
{
    QHash<QString, QString> texts;
    const auto add = [&](const Cause& cause, const QString& text) {
        const auto* report = workspace.report();
        const int row = report ? rowOf(*report, cause) : -1;
        const auto* pair = row < 0 ? nullptr : &report->layers[static_cast<std::size_t>(row)];
        const std::vector<std::string> none;
        const auto& layers = !pair ? none : side == Side::Left ? pair->leftLayers : pair->rightLayers;
        const std::string layer = !layers.empty() ? layers.front() : side == Side::Left ? cause.left : cause.right;
        if (layer.empty())
            return;
        QString& told = texts[QString::fromStdString(layer)];
        told += (told.isEmpty() ? QString() : QStringLiteral("\n")) + text;
    };
    for (const Cause& cause : causesOf(workspace))
        add(cause, (cause.proved ? tr("Cause, proved: %1.") : tr("Found: %1.")).arg(causeText(cause)));
    for (const auto& trial : workspace.trials())
        add(trial->cause, tr("Fix tried in memory, not in the file: %1.").arg(causeText(trial->cause)));
    return texts;
}

QString triedFiles(const Trials& trials, const Workspace& workspace)
{
    QStringList names;
    for (const Side side : {Side::Left, Side::Right}) {
        const auto file = workspace.opened(side);
        const bool tried = std::any_of(trials.begin(), trials.end(), [&](const auto& trial) {
            return trial->cause.repair && trial->cause.repair->onLeft == (side == Side::Left);
        });
        if (file && tried)
            names << QFileInfo(QString::fromStdString(file->origin.path)).fileName();
    }
    return names.join(tr(" and "));
}

}
