// SPDX-License-Identifier: GPL-3.0-or-later
// What the window says while fixes are tried on copies in memory.
#include "app/window/causetext.h"
#include "app/window/mainwindow.h"
#include "widgets/sides/text.h"
#include "widgets/theme/icons.h"
#include "widgets/verdict/banner.h"

#include <QAction>

namespace app {

namespace {

QString verdictOfCopy(const Workspace& workspace, const QString& files)
{
    using core::compare::Verdict;
    const auto& report = *workspace.report();
    switch (workspace.result() && !workspace.isStale() ? report.verdict : Verdict::NotCompared) {
    case Verdict::TiesOut:
        return MainWindow::tr("The repaired copy ties out. %1 itself is as it was, and differs.").arg(files);
    case Verdict::Differs:
        return MainWindow::tr("The repaired copy still differs, and %1 itself is as it was.").arg(files);
    case Verdict::NotCompared:
        break;
    }
    return MainWindow::tr("%1 itself is as it was.").arg(files);
}

}

/// Before and after, and that it is of copies. The cross takes them back.
void MainWindow::showTrials()
{
    const Trials& trials = m_workspace.trials();
    const auto result = m_workspace.result();
    if (trials.empty() || !m_workspace.report()) {
        m_trials->hide();
        return;
    }
    QList<widgets::Banner::Row> rows;
    for (const auto& trial : trials)
        rows.append({layerOf(trial->cause), causeText(trial->cause)});
    const QString after = result && !m_workspace.isStale() ? widgets::twoDigits(result->report.minimumTolerance) : tr("…");
    rows.append({tr("Largest error"),
                 tr("%1 before, %2 after (max |d|, tolerance %3). %4")
                     .arg(widgets::twoDigits(trials.front()->before), after, widgets::roundNumber(m_workspace.choices().tolerance),
                          verdictOfCopy(m_workspace, triedFiles(trials, m_workspace)))});
    const QString title = trials.size() == 1 ? tr("1 fix is tried on a copy in memory; nothing is written")
                                             : tr("%1 fixes are tried on copies in memory; nothing is written").arg(trials.size());
    QString shown = title; // as Banner::details() has it
    for (const auto& row : rows)
        shown += QLatin1Char('\n') + (row.label.isEmpty() ? row.text : row.label + QStringLiteral(": ") + row.text);
    if (!m_trials->isHidden() && m_trials->details() == shown)
        return; // a button that is being pressed stays
    auto* back = new QAction(widgets::icon(QStringLiteral("undo")), tr("Take back"), m_trials);
    connect(back, &QAction::triggered, this, [this] { m_workspace.takeBackRepairs(); });
    auto* convert = new QAction(widgets::icon(QStringLiteral("arrow")), tr("Convert the repaired copy…"), m_trials);
    const bool onLeft = trials.back()->cause.repair && trials.back()->cause.repair->onLeft;
    connect(convert, &QAction::triggered, onLeft ? m_actions.convertToRight : m_actions.convertToLeft, &QAction::trigger);
    m_trials->present(widgets::Banner::Kind::Tried, title, rows, {back, convert});
}

void MainWindow::tellDropped(int trials)
{
    m_banner->present(widgets::Banner::Kind::Warning,
                      trials == 1 ? tr("The fix that was tried is gone: a file was opened or read again")
                                  : tr("The %1 fixes that were tried are gone: a file was opened or read again").arg(trials));
}

}
