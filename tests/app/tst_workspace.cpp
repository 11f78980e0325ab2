// SPDX-License-Identifier: GPL-3.0-or-later
#include "opened.h"

#include <QSignalSpy>
#include <QTemporaryDir>

using app::Side;
using app::Workspace;
using core::Framework;
using namespace opened;

/// What is open and computed, without a window.
class TestWorkspace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pairTiesOut();
    void oneFileAlone_data();
    void oneFileAlone();
    void filesOneAfterTheOther();
    void brokenFileKeepsTheOther();
    void bothSidesShowTheSameInput();
    void brokenFileKeepsWhatWasOpen();
    void guessIsNoFactForTheTwin();
    void twoOfOneFramework();
    void stateDictBorrowsWiring();
    void closingDropsWhatIsOnItsWay();
    void samplesMakeTheBlankResultStale();
};

void TestWorkspace::pairTiesOut()
{
    Workspace workspace;
    QSignalSpy paired(&workspace, &Workspace::pairChanged), statistics(&workspace, &Workspace::statisticsReady);
    QVERIFY(openSamplePair(workspace));
    QCOMPARE(paired.count(), 1);
    QCOMPARE(workspace.pair()->mapping.links.size(), std::size_t{8});
    QCOMPARE(workspace.pair()->parameters.size(), std::size_t{10});
    QCOMPARE(equalParameters(workspace), 10);
    const auto result = workspace.result();
    QVERIFY(result->compared);
    QCOMPARE(result->report.verdict, core::compare::Verdict::TiesOut);
    QCOMPARE(result->report.layers.size(), std::size_t{8});
    QCOMPARE(result->label, std::optional(7));
    QCOMPARE(result->report.outputs.front().argmaxLeft, std::vector{std::optional(7)});
    QCOMPARE(result->report.outputs.front().argmaxRight, std::vector{std::optional(7)});
    QCOMPARE(statistics.count(), 0); // nothing is read that nobody looks at
    workspace.wantStatistics(Side::Left, {QStringLiteral("0.weight"), QStringLiteral("no such parameter")});
    QTRY_COMPARE(statistics.count(), 1);
    const auto told = statistics[0][1].value<QList<app::ParameterStatistics>>();
    QCOMPARE(told.size(), 1);
    QCOMPARE(told[0].name, QStringLiteral("0.weight"));
    QCOMPARE(told[0].statistics.count, 150);
    workspace.wantStatistics(Side::Left, {QStringLiteral("0.weight")});
    workspace.wantStatistics(Side::Right, {QStringLiteral("conv2d/bias:0")});
    QTRY_COMPARE(statistics.count(), 2);
    QCOMPARE(statistics[1][0].value<Side>(), Side::Right); // the other one is known
}

void TestWorkspace::oneFileAlone_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<Side>("side");
    QTest::newRow("PyTorch") << sample("lenet5.pt") << Side::Left;
    QTest::newRow("Keras") << sample("lenet5.h5") << Side::Right;
}

void TestWorkspace::oneFileAlone()
{
    QFETCH(QString, path);
    QFETCH(Side, side);
    Workspace workspace;
    workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    workspace.open(path);
    QVERIFY(waitForResult(workspace));
    QVERIFY(workspace.model(side));
    QVERIFY(!workspace.model(side == Side::Left ? Side::Right : Side::Left));
    QVERIFY(!workspace.error(Side::Left) && !workspace.error(Side::Right));
    const auto result = workspace.result();
    QVERIFY(!result->compared);
    const auto& values = (side == Side::Left ? result->traces.left : result->traces.right).values;
    QVERIFY(!values.empty() && values.back().has_value());
    QVERIFY((side == Side::Left ? result->traces.right : result->traces.left).values.empty());
}

void TestWorkspace::filesOneAfterTheOther()
{
    Workspace workspace;
    workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    workspace.open(sample("lenet5.h5"));
    workspace.open(sample("lenet5.pt")); // while the first one is still being read
    QVERIFY(QTest::qWaitFor([&] { return isCurrent(workspace) && workspace.result()->compared; }, patience));
    QCOMPARE(workspace.model(Side::Left)->framework, Framework::Torch);
    QVERIFY(tiesOut(workspace));
}

void TestWorkspace::brokenFileKeepsTheOther()
{
    QTemporaryDir folder;
    const QString broken = cutCopy("lenet5.h5", folder.filePath("cut.h5"), 3000);
    Workspace workspace;
    workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    workspace.openPair(sample("lenet5.pt"), broken);
    QVERIFY(waitForResult(workspace));
    QVERIFY(workspace.model(Side::Left));
    QVERIFY(!workspace.model(Side::Right));
    QVERIFY(workspace.error(Side::Right).has_value());
    QCOMPARE(workspace.error(Side::Right)->source.path, broken);
    QVERIFY(!workspace.error(Side::Right)->error.expected().empty());
    QVERIFY(!workspace.error(Side::Left));
    QVERIFY(!workspace.result()->traces.left.values.empty());

    QVERIFY(QFile::remove(broken));
    QVERIFY(QFile::copy(sample("lenet5.h5"), broken));
    workspace.reload(Side::Right); // repaired meanwhile
    QVERIFY(QTest::qWaitFor([&] { return isCurrent(workspace) && workspace.result()->compared; }, patience));
    QVERIFY(!workspace.error(Side::Right));
    QVERIFY(tiesOut(workspace));
}

/// The other file lists its inputs the other way round.
void TestWorkspace::bothSidesShowTheSameInput()
{
    Workspace workspace;
    workspace.openPair(data("heads/heads.pt"), data("heads/heads.h5"));
    QVERIFY(QTest::qWaitFor([&] { return isCurrent(workspace) && workspace.result()->compared; }, patience));
    QVERIFY(tiesOut(workspace));
    QCOMPARE(workspace.result()->inputLeft.shape(), (core::Shape{1, 2, 5, 4}));
    QCOMPARE(workspace.result()->inputRight.shape(), (core::Shape{1, 5, 4, 2}));
}

void TestWorkspace::brokenFileKeepsWhatWasOpen()
{
    QTemporaryDir folder;
    Workspace workspace;
    QVERIFY(openSamplePair(workspace));
    const auto before = workspace.result();
    workspace.open(cutCopy("lenet5.h5", folder.filePath("cut.h5"), 3000), Side::Right);
    QVERIFY(QTest::qWaitFor([&] { return workspace.error(Side::Right).has_value(); }, patience));
    QVERIFY(workspace.model(Side::Right));
    QCOMPARE(workspace.result()->generation, before->generation); // the same run; more may be known of it
    QVERIFY(!workspace.isStale());
    workspace.dismissError(Side::Right);
    QVERIFY(!workspace.error(Side::Right));
    QVERIFY(workspace.pair());
}

void TestWorkspace::guessIsNoFactForTheTwin()
{
    const auto isGuessed = [](const Workspace& workspace) {
        const auto& notes = workspace.pair()->left->notes;
        return std::any_of(notes.begin(), notes.end(), [](const core::Note& note) { return note.message.id == "input-shape-guess"; });
    };
    Workspace workspace;
    workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    workspace.open(data("kinds/conv_stride.pt"));
    QVERIFY(waitForResult(workspace));
    QVERIFY(isGuessed(workspace)); // alone it tells no input shape
    workspace.open(data("kinds/conv_stride.h5"));
    QVERIFY(QTest::qWaitFor([&] { return isCurrent(workspace) && workspace.result()->compared; }, patience));
    QVERIFY(!isGuessed(workspace));
    const core::Shape right = *workspace.pair()->right->inputShape;
    QCOMPARE(*workspace.pair()->left->inputShape, (core::Shape{right[2], right[0], right[1]}));
    QVERIFY(tiesOut(workspace));
}

void TestWorkspace::twoOfOneFramework()
{
    Workspace workspace;
    workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    workspace.openPair(sample("lenet5.h5"), sample("lenet5_keras.h5"));
    QVERIFY(waitForResult(workspace));
    QVERIFY(workspace.model(Side::Left)->origin.path.ends_with("lenet5.h5"));
    QVERIFY(workspace.model(Side::Right)->origin.path.ends_with("lenet5_keras.h5"));
    QVERIFY(workspace.result()->compared);
    QCOMPARE(workspace.result()->report.verdict, core::compare::Verdict::Differs);
    QCOMPARE(equalParameters(workspace), 0);
    workspace.swapSides();
    QVERIFY(waitForResult(workspace));
    QVERIFY(workspace.model(Side::Left)->origin.path.ends_with("lenet5_keras.h5"));
    QCOMPARE(workspace.result()->report.verdict, core::compare::Verdict::Differs);
}

void TestWorkspace::stateDictBorrowsWiring()
{
    Workspace workspace;
    workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    workspace.openPair(data("lenet5_state.pt"), sample("lenet5.h5"));
    QVERIFY(waitForResult(workspace));
    QVERIFY(!workspace.opened(Side::Left)->wired);
    QVERIFY(workspace.pair()->runLeft && workspace.pair()->runLeft->wired);
    QVERIFY(!workspace.pair()->runLeft->notes.empty());
    QCOMPARE(equalParameters(workspace), 10);
    QVERIFY(tiesOut(workspace));
}

void TestWorkspace::closingDropsWhatIsOnItsWay()
{
    Workspace workspace;
    QSignalSpy paired(&workspace, &Workspace::pairChanged);
    workspace.openPair(sample("lenet5.pt"), sample("lenet5.h5"));
    workspace.closeAll(); // while reading
    QTest::qWait(500);
    QVERIFY(!workspace.model(Side::Left) && !workspace.model(Side::Right));
    workspace.openPair(sample("lenet5.pt"), sample("lenet5.h5"));
    QVERIFY(QTest::qWaitFor([&] { return workspace.model(Side::Left) != nullptr; }, patience));
    workspace.closeAll(); // while mapping
    QTest::qWait(500);
    QVERIFY(!workspace.pair() && !workspace.result());
    QVERIFY(paired.isEmpty());
}

void TestWorkspace::samplesMakeTheBlankResultStale()
{
    Workspace workspace;
    workspace.openPair(sample("lenet5.pt"), sample("lenet5.h5"));
    QVERIFY(waitForResult(workspace));
    QVERIFY(!workspace.result()->label);
    workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    QVERIFY(workspace.isStale());
    QVERIFY(waitForResult(workspace));
    QCOMPARE(workspace.result()->label, std::optional(7));
}

QTEST_GUILESS_MAIN(TestWorkspace)
#include "tst_workspace.moc"
