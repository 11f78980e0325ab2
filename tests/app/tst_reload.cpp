// SPDX-License-Identifier: GPL-3.0-or-later
#include "opened.h"

#include <QSignalSpy>
#include <QTemporaryDir>

using app::Side;
using app::Workspace;
using namespace opened;

namespace {

QString copyOf(const QString& from, const QString& to)
{
    QFile::remove(to);
    return QFile::copy(from, to) ? to : QString();
}

auto handMade(const Workspace& workspace)
{
    const auto& links = workspace.pair()->mapping.links;
    return std::count_if(links.begin(), links.end(),
                         [](const core::mapping::Link& link) { return link.origin == core::mapping::LinkOrigin::Manual; });
}

bool waitForNewResult(Workspace& workspace)
{
    QSignalSpy paired(&workspace, &Workspace::pairChanged);
    return QTest::qWaitFor([&] { return paired.count() > 0 && isCurrent(workspace); }, patience);
}

}

/// Files read again, and closed while they are read.
class TestReload : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsLinksMadeByHandAndUndo();
    void mapsAnewWhatNobodyTouched();
    void keepsALinkWhoseLayerIsGone();
    void brokenFileChangesNothing();
    void closingASideCancelsItsLoad_data();
    void closingASideCancelsItsLoad();
};

void TestReload::keepsLinksMadeByHandAndUndo()
{
    Workspace workspace;
    QVERIFY(openSamplePair(workspace));
    workspace.unlink(QStringLiteral("flatten"), Side::Right);
    QVERIFY(waitForResult(workspace));
    workspace.link(QStringLiteral("8"), QStringLiteral("flatten"));
    QVERIFY(waitForResult(workspace));
    workspace.setTolerance(1e-4);
    QCOMPARE(workspace.undoStack().count(), 3);
    workspace.reloadAll();
    QVERIFY(waitForNewResult(workspace));
    QCOMPARE(handMade(workspace), 1);
    QCOMPARE(workspace.undoStack().count(), 3);
    QCOMPARE(workspace.choices().tolerance, 1e-4);
    workspace.reload(Side::Right);
    QVERIFY(waitForNewResult(workspace));
    QCOMPARE(handMade(workspace), 1);
    workspace.undoStack().undo();
    workspace.undoStack().undo();
    QVERIFY(waitForResult(workspace));
    QCOMPARE(workspace.pair()->mapping.links.size(), std::size_t{7});
    workspace.undoStack().undo();
    QVERIFY(waitForResult(workspace));
    QCOMPARE(workspace.pair()->mapping.links.size(), std::size_t{8});
    QCOMPARE(handMade(workspace), 0);
    QVERIFY(tiesOut(workspace));
}

void TestReload::mapsAnewWhatNobodyTouched()
{
    QTemporaryDir folder;
    const QString right = copyOf(sample("lenet5.h5"), folder.filePath("right.h5"));
    Workspace workspace;
    workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    workspace.openPair(sample("lenet5.pt"), right);
    QVERIFY(waitForResult(workspace));
    workspace.setTolerance(1e-4);
    copyOf(data("lenet5_keras3.h5"), right); // other names
    workspace.reload(Side::Right);
    QVERIFY(waitForNewResult(workspace));
    const std::size_t links = workspace.pair()->mapping.links.size();
    QVERIFY(links >= 7);
    for (const auto& link : workspace.pair()->mapping.links)
        for (const std::string& name : link.right)
            QVERIFY2(workspace.model(Side::Right)->opIndex(name) >= 0, name.c_str());
    workspace.undoStack().undo(); // a step of the older file's time brings its mapping not back
    QCOMPARE(workspace.choices().tolerance, 1e-5);
    QVERIFY(waitForResult(workspace));
    QCOMPARE(workspace.choices().mapping.links.size(), links);
    QVERIFY(workspace.choices().mapping == workspace.pair()->mapping);
}

void TestReload::keepsALinkWhoseLayerIsGone()
{
    QTemporaryDir folder;
    const QString right = copyOf(sample("lenet5.h5"), folder.filePath("right.h5"));
    Workspace workspace;
    workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    workspace.openPair(sample("lenet5.pt"), right);
    QVERIFY(waitForResult(workspace));
    workspace.unlink(QStringLiteral("0"), Side::Left);
    QVERIFY(waitForResult(workspace));
    workspace.link(QStringLiteral("0"), QStringLiteral("conv2d"));
    QVERIFY(waitForResult(workspace));
    copyOf(data("lenet5_keras3.h5"), right);
    workspace.reload(Side::Right);
    QVERIFY(waitForNewResult(workspace));
    QCOMPARE(workspace.pair()->mapping.links.size(), std::size_t{8});
    QCOMPARE(handMade(workspace), 1);
    QVERIFY(!tiesOut(workspace));
}

void TestReload::brokenFileChangesNothing()
{
    QTemporaryDir folder;
    const QString right = copyOf(sample("lenet5.h5"), folder.filePath("right.h5"));
    Workspace workspace;
    workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    workspace.openPair(sample("lenet5.pt"), right);
    QVERIFY(waitForResult(workspace));
    workspace.unlink(QStringLiteral("flatten"), Side::Right);
    QVERIFY(waitForResult(workspace));
    QFile::remove(right);
    cutCopy("lenet5.h5", right, 3000);
    workspace.reloadAll();
    QVERIFY(QTest::qWaitFor([&] { return workspace.error(Side::Right).has_value() && isCurrent(workspace); }, patience));
    QVERIFY(workspace.model(Side::Right));
    QCOMPARE(workspace.choices().mapping.links.size(), std::size_t{7});
    QCOMPARE(workspace.undoStack().count(), 1);
    copyOf(sample("lenet5.h5"), right);
    workspace.reloadAll();
    QVERIFY(waitForNewResult(workspace));
    QVERIFY(!workspace.error(Side::Right));
    QCOMPARE(workspace.choices().mapping.links.size(), std::size_t{7});
    QCOMPARE(workspace.undoStack().count(), 1);
}

void TestReload::closingASideCancelsItsLoad_data()
{
    QTest::addColumn<bool>("pair");
    QTest::newRow("one file") << false;
    QTest::newRow("one of a pair") << true;
}

void TestReload::closingASideCancelsItsLoad()
{
    QFETCH(bool, pair);
    Workspace workspace;
    workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    if (pair) {
        workspace.openPair(sample("lenet5.pt"), sample("lenet5.h5"));
    } else {
        workspace.open(sample("lenet5.pt"));
        QVERIFY(waitForResult(workspace));
        workspace.open(sample("lenet5.h5"), Side::Right);
    }
    workspace.close(Side::Right);
    QVERIFY(QTest::qWaitFor([&] { return isCurrent(workspace); }, patience));
    QTest::qWait(500); // whatever else might come
    QVERIFY(workspace.model(Side::Left));
    QVERIFY(!workspace.model(Side::Right));
}

QTEST_GUILESS_MAIN(TestReload)
#include "tst_reload.moc"
