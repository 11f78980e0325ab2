// SPDX-License-Identifier: GPL-3.0-or-later
#include "opened.h"

#include <QSignalSpy>
#include <QTemporaryDir>

using app::InputChoice;
using app::Side;
using app::Workspace;
using namespace opened;

namespace {

core::digits::Stroke line(double fromX, double fromY, double toX, double toY)
{
    return {{{fromX, fromY}, {toX, toY}}, 2.2, false};
}

}

/// Choices that can be undone, and conversions.
class TestWorkspaceEdits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void toleranceUndoesAndRedoes();
    void digitUndoesAndRedoes();
    void mappingUndoesAndRedoes();
    void impossibleLinkIsRefused();
    void preprocessingOfOneSide();
    void drawsLive();
    void latestChoiceWins();
    void converts_data();
    void converts();
    void failedConversionIsTold();
};

void TestWorkspaceEdits::toleranceUndoesAndRedoes()
{
    Workspace workspace;
    QVERIFY(openSamplePair(workspace));
    workspace.setTolerance(1e-12);
    QVERIFY(workspace.isStale());
    QVERIFY(waitForResult(workspace));
    QCOMPARE(workspace.result()->report.verdict, core::compare::Verdict::Differs);
    QCOMPARE(workspace.result()->report.tolerance, 1e-12);
    workspace.undoStack().undo();
    QCOMPARE(workspace.choices().tolerance, 1e-5);
    QVERIFY(waitForResult(workspace));
    QVERIFY(tiesOut(workspace));
    workspace.undoStack().redo();
    QVERIFY(waitForResult(workspace));
    QVERIFY(!tiesOut(workspace));
    workspace.setTolerance(1e-12);
    QCOMPARE(workspace.undoStack().count(), 1); // nothing changed: no step
}

void TestWorkspaceEdits::digitUndoesAndRedoes()
{
    Workspace workspace;
    QVERIFY(openSamplePair(workspace));
    const auto set = workspace.samples();
    workspace.chooseInput({InputChoice::Kind::Sample, 3, {}});
    QVERIFY(waitForResult(workspace));
    QCOMPARE(workspace.result()->label, set->label(3));
    QVERIFY(*workspace.result()->picture == set->picture(3));
    workspace.undoStack().undo();
    QVERIFY(waitForResult(workspace));
    QCOMPARE(workspace.result()->label, set->label(0));
    workspace.undoStack().redo();
    QVERIFY(waitForResult(workspace));
    QVERIFY(*workspace.result()->picture == set->picture(3));
}

void TestWorkspaceEdits::mappingUndoesAndRedoes()
{
    Workspace workspace;
    QVERIFY(openSamplePair(workspace));
    const auto original = workspace.choices().mapping;
    workspace.unlink(QStringLiteral("flatten"), Side::Right);
    QVERIFY(waitForResult(workspace));
    QCOMPARE(workspace.choices().mapping.links.size(), std::size_t{7});
    QCOMPARE(workspace.result()->report.unmappedRight, std::vector<std::string>{"flatten"});
    QVERIFY(tiesOut(workspace)); // a layer without a mate alone changes no verdict
    workspace.link(QStringLiteral("8"), QStringLiteral("flatten"));
    QVERIFY(waitForResult(workspace));
    QCOMPARE(workspace.choices().mapping.links.size(), std::size_t{8});
    QCOMPARE(workspace.choices().mapping.links[5].origin, core::mapping::LinkOrigin::Manual);
    workspace.undoStack().undo();
    workspace.undoStack().undo(); // while the first one is being mapped
    QVERIFY(waitForResult(workspace));
    QVERIFY(workspace.choices().mapping == original);
    QVERIFY(workspace.result()->report.unmappedRight.empty());
    workspace.undoStack().redo();
    QVERIFY(waitForResult(workspace));
    QCOMPARE(workspace.choices().mapping.links.size(), std::size_t{7});
    workspace.autoMap();
    QVERIFY(QTest::qWaitFor([&] { return isCurrent(workspace) && workspace.choices().mapping.links.size() == 8; }, patience));
    QVERIFY(tiesOut(workspace));
}

void TestWorkspaceEdits::impossibleLinkIsRefused()
{
    Workspace workspace;
    QVERIFY(openSamplePair(workspace));
    QVERIFY(!workspace.whyNotLink(QStringLiteral("0"), QStringLiteral("dense")).isEmpty());
    QVERIFY(workspace.whyNotLink(QStringLiteral("0"), QStringLiteral("conv2d")).isEmpty());
    QSignalSpy troubled(&workspace, &Workspace::troubled);
    workspace.link(QStringLiteral("0"), QStringLiteral("dense"));
    QCOMPARE(troubled.count(), 1);
    QCOMPARE(workspace.undoStack().count(), 0);
    QCOMPARE(workspace.choices().mapping.links.size(), std::size_t{8});
}

void TestWorkspaceEdits::preprocessingOfOneSide()
{
    Workspace workspace;
    QVERIFY(openSamplePair(workspace));
    core::digits::Preprocess byte;
    byte.scale = core::digits::Scale::Byte;
    workspace.setPreprocess(workspace.choices().left, byte);
    QVERIFY(waitForResult(workspace));
    QCOMPARE(workspace.result()->report.verdict, core::compare::Verdict::Differs);
    const auto left = workspace.result()->inputLeft.floats(), right = workspace.result()->inputRight.floats();
    QCOMPARE(*std::max_element(left.begin(), left.end()) * 255, *std::max_element(right.begin(), right.end()));
    workspace.undoStack().undo();
    QVERIFY(waitForResult(workspace));
    QVERIFY(tiesOut(workspace));
}

void TestWorkspaceEdits::drawsLive()
{
    Workspace workspace;
    QVERIFY(openSamplePair(workspace));
    QSignalSpy results(&workspace, &Workspace::resultChanged);
    std::vector<core::digits::Stroke> strokes{{{{14, 4}}, 2.2, false}};
    for (int y = 5; y < 24; ++y) {
        strokes[0].points.push_back({14, static_cast<double>(y)});
        workspace.setDrawing(strokes);
        QTest::qWait(5);
    }
    QVERIFY(waitForResult(workspace));
    QVERIFY(results.count() >= 2); // it was computed while the pen moved
    QVERIFY(*workspace.result()->picture == core::digits::rasterised(strokes));
    QVERIFY(!workspace.result()->label);
    QVERIFY(tiesOut(workspace));
    QCOMPARE(workspace.undoStack().count(), 1); // a stroke is one step
    strokes.push_back(line(6, 14, 22, 14));
    workspace.setDrawing(strokes);
    QCOMPARE(workspace.undoStack().count(), 2);
    workspace.undoStack().undo();
    QVERIFY(waitForResult(workspace));
    QCOMPARE(workspace.choices().input.strokes.size(), std::size_t{1});
    workspace.undoStack().undo();
    QVERIFY(waitForResult(workspace));
    QCOMPARE(workspace.choices().input.kind, InputChoice::Kind::Sample);
    QCOMPARE(workspace.result()->label, std::optional(7));
}

void TestWorkspaceEdits::latestChoiceWins()
{
    Workspace workspace;
    QVERIFY(openSamplePair(workspace));
    const auto set = workspace.samples();
    int shown = 0, wrong = 0;
    connect(&workspace, &Workspace::resultChanged, &workspace, [&] {
        ++shown;
        const int chosen = workspace.choices().input.index;
        if (!workspace.isStale() && workspace.result() && *workspace.result()->picture != set->picture(chosen))
            ++wrong;
    });
    for (int step = 0; step < 200; ++step) {
        workspace.chooseInput({InputChoice::Kind::Sample, (step * 7 + 1) % set->count(), {}});
        QVERIFY(workspace.isStale()); // no result can belong to it yet
        if (step % 5 == 0)
            QTest::qWait(1);
        if (step % 40 == 0) {
            workspace.unlink(QStringLiteral("flatten"), Side::Right);
            workspace.undoStack().undo();
        }
    }
    QVERIFY(waitForResult(workspace));
    QVERIFY(shown > 0);
    QCOMPARE(wrong, 0);
    QCOMPARE(workspace.result()->label, set->label((199 * 7 + 1) % set->count()));
    QVERIFY(*workspace.result()->picture == set->picture((199 * 7 + 1) % set->count()));
    QVERIFY(tiesOut(workspace));
}

void TestWorkspaceEdits::converts_data()
{
    QTest::addColumn<bool>("leftToRight");
    QTest::newRow("PyTorch to Keras") << true;
    QTest::newRow("Keras to PyTorch") << false;
}

void TestWorkspaceEdits::converts()
{
    QFETCH(bool, leftToRight);
    using core::formats::kerasH5Writer;
    using core::formats::stateDictWriter;
    QTemporaryDir folder;
    Workspace workspace;
    QVERIFY(openSamplePair(workspace, "lenet5_keras.h5"));
    QVERIFY(!tiesOut(workspace));
    const QString path = folder.filePath(leftToRight ? "out.h5" : "out.pt");
    const auto plan = workspace.plan(leftToRight, leftToRight ? kerasH5Writer : stateDictWriter);
    QCOMPARE(std::count_if(plan.changes.begin(), plan.changes.end(), [](const auto& change) { return !change.from.empty(); }), 10);
    std::optional<core::convert::Conversion> done;
    connect(&workspace, &Workspace::converted, &workspace,
            [&](const core::convert::Plan&, const core::convert::Conversion& told) { done = told; });
    workspace.convert(plan, path, true, 20);
    QVERIFY(QTest::qWaitFor([&] { return done.has_value(); }, patience));
    QCOMPARE(done->path, path.toStdString());
    const core::convert::Proof& proof = done->proof.value();
    QVERIFY(proof.reopened && proof.bitwise && proof.inverse == std::optional(true));
    QVERIFY(proof.outputsCompared);
    QCOMPARE(proof.samples, 20);
    QCOMPARE(done->result, core::convert::Result::Proved);

    workspace.openPair(leftToRight ? sample("lenet5.pt") : path, leftToRight ? path : sample("lenet5_keras.h5"));
    QVERIFY(waitForResult(workspace));
    QCOMPARE(equalParameters(workspace), 10);
    QVERIFY(tiesOut(workspace)); // what was written and its source
}

void TestWorkspaceEdits::failedConversionIsTold()
{
    Workspace workspace;
    QVERIFY_THROWS_EXCEPTION(core::Error, workspace.plan(true, core::formats::kerasH5Writer));
    QVERIFY(openSamplePair(workspace));
    const auto plan = workspace.plan(true, core::formats::kerasH5Writer);
    std::optional<core::Error> told;
    connect(&workspace, &Workspace::conversionFailed, &workspace, [&](const core::Error& error) { told = error; });
    workspace.convert(plan, sample("lenet5.pt"), true, 0); // never over a source
    QVERIFY(QTest::qWaitFor([&] { return told.has_value(); }, patience));
    QCOMPARE(told->id(), std::string("convert-same-file"));
    told.reset();
    workspace.convert(plan, QStringLiteral("/nowhere/at/all/out.h5"), true, 0);
    QVERIFY(QTest::qWaitFor([&] { return told.has_value(); }, patience));
    QVERIFY(!told->found().empty());
}

QTEST_GUILESS_MAIN(TestWorkspaceEdits)
#include "tst_workspaceedits.moc"
