// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/file/entriesmodel.h"
#include "widgets/file/filepanel.h"
#include "widgets/file/globalsmodel.h"
#include "widgets/file/notesmodel.h"
#include "widgets/file/summary.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace widgets;
using Severity = core::Note::Severity;
using Sort = core::Global::Sort;

namespace {

core::Note note(Severity severity, const char* text, const char* where = "")
{
    return {{"test", {}, text}, severity, where};
}

std::shared_ptr<core::Model> model()
{
    auto result = std::make_shared<core::Model>();
    result->framework = core::Framework::Torch;
    result->origin = {"/models/net.pt", "torch-zip", "checkpoint", "2.1.0", "", 4096};
    result->notes = {note(Severity::Info, "first"), note(Severity::Error, "worst", "fc"), note(Severity::Warning, "middle")};
    result->globals = {
        {"torch._utils._rebuild_tensor_v2", Sort::Usual}, {"argparse.Namespace", Sort::Foreign}, {"os.system", Sort::Harmful}};
    result->entries = {{"epoch", "12"}, {"optimizer.lr", "0.1"}, {"args.\x1b[31mname", "a\tb"}};
    return result;
}

const SideName torch = sideNames(core::Framework::Torch, core::Framework::None)[0];

QStringList column(const QTableView* table, int at)
{
    QStringList cells;
    for (int row = 0; row < table->model()->rowCount(); ++row)
        cells << table->model()->index(row, at).data().toString();
    return cells;
}

}

/// What a file tells beside its tensors.
class TestFilePanel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void dangerousCodeFirst()
    {
        FilePanel panel;
        panel.setModel(torch, model());
        QCOMPARE(panel.page(), FilePanel::Globals); // what must not be overlooked
        const QTableView* globals = panel.table(FilePanel::Globals);
        QCOMPARE(column(globals, GlobalsModel::NameColumn), (QStringList{"os.system", "argparse.Namespace"}));
        QCOMPARE(column(globals, GlobalsModel::SortColumn), (QStringList{"Dangerous", "Foreign"}));
        const QModelIndex first = globals->model()->index(0, 0);
        QVERIFY(!first.data(Qt::DecorationRole).value<QIcon>().isNull()); // told by word and icon, not by colour alone
        for (auto* button : panel.findChildren<QPushButton*>())
            if (button->isCheckable() && button->text().contains(QStringLiteral("1 usual")))
                button->click();
        QCOMPARE(globals->model()->rowCount(), 3);
    }

    void notesByGravityLeadToTheirPlace()
    {
        FilePanel panel;
        panel.setModel(torch, model());
        panel.setPage(FilePanel::Notes);
        QTableView* notes = panel.table(FilePanel::Notes);
        QAbstractItemModelTester tester(notes->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(column(notes, NotesModel::TextColumn), (QStringList{"worst", "middle", "first"}));
        QCOMPARE(column(notes, NotesModel::SeverityColumn), (QStringList{"Error", "Warning", "Note"}));
        QSignalSpy chosen(&panel, &FilePanel::placeChosen);
        Q_EMIT notes->clicked(notes->model()->index(0, 2));
        Q_EMIT notes->clicked(notes->model()->index(1, 2)); // belongs nowhere
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].toString(), QStringLiteral("fc"));
    }

    void entriesAreFiltered()
    {
        FilePanel panel;
        panel.setModel(torch, model());
        panel.setPage(FilePanel::Entries);
        QCOMPARE(panel.table(FilePanel::Entries)->model()->rowCount(), 3);
        panel.filter()->setText(QStringLiteral("LR 0.1"));
        QCOMPARE(column(panel.table(FilePanel::Entries), 0), QStringList{"optimizer.lr"});
        QCOMPARE(panel.asText(), QStringLiteral("Name\tValue\noptimizer.lr\t0.1\n"));
        panel.filter()->clear();
        const QString text = panel.asText();
        QVERIFY(!text.contains(QChar(0x1b))); // a terminal would obey it
        QCOMPARE(text.count(u'\n'), 4);
    }

    void originAndChecksum()
    {
        FilePanel panel;
        auto plain = std::make_shared<core::Model>();
        plain->origin = {"/models/net.pt", "torch-zip", "state-dict", "", "", 4096};
        panel.setModel(torch, plain);
        QCOMPARE(panel.page(), FilePanel::Origin);
        QVERIFY(panel.asText().contains(QStringLiteral("Format\ttorch-zip\n")));
        QVERIFY(panel.asText().contains(QStringLiteral("Size\t4,096 bytes\n")));
        QSignalSpy wanted(&panel, &FilePanel::checksumWanted);
        panel.checksumButton()->click();
        QCOMPARE(wanted.count(), 1);
        QSignalSpy cancelled(&panel, &FilePanel::checksumCancelled);
        panel.setChecksumProgress(0.25);
        panel.checksumButton()->click();
        QCOMPARE(cancelled.count(), 1);
        QCOMPARE(wanted.count(), 1);
        panel.setChecksum(QStringLiteral("abc123"));
        QVERIFY(panel.asText().contains(QStringLiteral("SHA-256\tabc123\n")));
        panel.setModel(torch, nullptr);
        QCOMPARE(panel.table(FilePanel::Origin)->model()->rowCount(), 0);
    }

    void summaryForTheHead()
    {
        auto all = model();
        QCOMPARE(summaryOf(*all).text, QStringLiteral("asks for os.system"));
        QCOMPARE(summaryOf(*all).severity, Severity::Error);
        all->globals.clear();
        QCOMPARE(summaryOf(*all).text, QStringLiteral("2 notes"));
        all->notes = {note(Severity::Info, "only for the curious")};
        QVERIFY(summaryOf(*all).text.isEmpty());
    }

    void aMillionEntries()
    {
        auto many = std::make_shared<core::Model>();
        many->origin.path = "/models/many.pt";
        many->entries.reserve(1'000'000);
        for (int i = 0; i < 1'000'000; ++i)
            many->entries.push_back({"key" + std::to_string(i), "value"});
        FilePanel panel;
        QElapsedTimer timer;
        timer.start();
        panel.setModel(torch, many);
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(panel.table(FilePanel::Entries)->model()->rowCount(), 1'000'000);
    }
};

QTEST_MAIN(TestFilePanel)
#include "tst_filepanel.moc"
