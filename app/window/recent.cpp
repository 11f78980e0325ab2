// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/recent.h"

#include "widgets/sides/text.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QLocale>

namespace app {

namespace {

constexpr QLatin1String assumedVerdict("ties-out-assumed");

using State = widgets::VerdictChip::State;

QString tr(const char* text)
{
    return QCoreApplication::translate("app::Recent", text);
}

QString folderOf(const QString& path)
{
    QString folder = QFileInfo(path).path();
    if (folder.startsWith(QDir::homePath() + QLatin1Char('/')))
        folder.replace(0, QDir::homePath().size(), QStringLiteral("~"));
    return folder;
}

QString whenText(const QDateTime& time)
{
    const qint64 days = time.date().daysTo(QDate::currentDate());
    if (days == 0)
        return tr("today, %1").arg(QLocale().toString(time.time(), QLocale::ShortFormat));
    return days == 1 ? tr("yesterday") : QLocale().toString(time.date(), QLocale::ShortFormat);
}

}

RecentPair recentOf(const Result& result, const SampleRuns* samples)
{
    RecentPair pair;
    pair.left = QFileInfo(QString::fromStdString(result.pair->left->origin.path)).absoluteFilePath();
    pair.right = QFileInfo(QString::fromStdString(result.pair->right->origin.path)).absoluteFilePath();
    pair.opened = QDateTime::currentDateTime();
    if (!result.compared)
        return pair;
    const auto& report = result.report;
    pair.verdict = QString::fromUtf8(core::compare::name(report.verdict).data());
    const bool othersDiffer = samples && samples->tyingOut(report.tolerance) < samples->count();
    if (report.verdict == core::compare::Verdict::TiesOut && othersDiffer)
        pair.verdict = QString::fromUtf8(core::compare::name(core::compare::Verdict::Differs).data());
    else if (report.verdict == core::compare::Verdict::TiesOut) {
        pair.detail = widgets::twoDigits(report.minimumTolerance);
        if (report.assumed)
            pair.verdict = assumedVerdict;
    } else if (report.firstDivergence >= 0)
        pair.detail = QString::fromStdString(report.layers[static_cast<std::size_t>(report.firstDivergence)].right);
    return pair;
}

QList<widgets::RecentPair> shownRecent(const QList<RecentPair>& pairs)
{
    QList<widgets::RecentPair> shown;
    for (const RecentPair& pair : pairs) {
        widgets::RecentPair row;
        row.left = QFileInfo(pair.left).fileName();
        row.right = QFileInfo(pair.right).fileName();
        row.folder = folderOf(pair.left);
        row.when = whenText(pair.opened);
        if (pair.verdict == QLatin1String("ties-out")) {
            row.state = State::TiesOut;
            row.verdict = tr("ties out, %1").arg(pair.detail);
        } else if (pair.verdict == assumedVerdict) {
            row.state = State::Assumed;
            row.verdict = tr("ties out as far as told, %1").arg(pair.detail);
        } else if (pair.verdict == QLatin1String("differs")) {
            row.state = State::Differs;
            row.verdict = pair.detail.isEmpty() ? tr("differs") : tr("differs from %1 on").arg(pair.detail);
        } else {
            row.state = State::NotCompared;
            row.verdict = tr("not compared");
        }
        shown.append(row);
    }
    return shown;
}

}
