// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/comparepage.h"
#include "app/window/convertpart.h"
#include "app/window/listspart.h"
#include "shownwindow.h"
#include "widgets/convert/changesmodel.h"
#include "widgets/convert/convertpage.h"
#include "widgets/empty/emptypage.h"
#include "widgets/heatmap/heatmappanel.h"
#include "widgets/lists/layerpane.h"
#include "widgets/lists/layertree.h"
#include "widgets/lists/linkgutter.h"
#include "widgets/plots/errorchart.h"
#include "widgets/theme/theme.h"
#include "widgets/verdict/banner.h"
#include "widgets/verdict/verdictchip.h"

#include <QFileInfo>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <csignal>

using app::Side;
using namespace opened;
using Verdict = widgets::VerdictChip::State;

/// The window with the real workers: files come, go and break, weights are converted, the theme changes.
class TestWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void twoFilesDropped();
    void fileDroppedOnAList();
    void stateDictShowsItsLinks();
    void sampleThenClosedIsRecent();
    void oneFileSaysWhatIsMissing();
    void brokenFileHasABanner();
    void bannerGoesTheRestStays();
    void outlivesTheWorker();
    void convertsAndProves();
    void themesSwitch();

private:
    void savesTheProof(ShownWindow& shown);
    void asksBeforeItReplaces(ShownWindow& shown, const QString& path);

    Surroundings m_around;
};

void TestWindow::twoFilesDropped()
{
    ShownWindow shown(*m_around.theme);
    QCOMPARE(shown.window.shownPage(), QStringLiteral("empty"));
    QCOMPARE(shown.window.verdict()->state(), Verdict::Waiting);
    shown.drop(shown.window.emptyPage(), {sample("lenet5.h5"), sample("lenet5.pt")}); // each finds its own side
    QVERIFY(shown.settle());
    QCOMPARE(shown.window.shownPage(), QStringLiteral("compare"));
    QCOMPARE(shown.workspace.model(Side::Left)->framework, core::Framework::Torch);
    QCOMPARE(shown.window.verdict()->state(), Verdict::TiesOut);
    QVERIFY2(shown.verdict().contains(QStringLiteral("max |d|")), qPrintable(shown.verdict()));
    QCOMPARE(shown.gutter()->ribbons().size(), 8);
    QVERIFY(!shown.window.banner()->isVisible());
    QTRY_VERIFY(!shown.tree(Side::Left)
                     ->layers()
                     ->parameterIndex(QStringLiteral("0.weight"))
                     .siblingAtColumn(widgets::LayerModel::RangeColumn)
                     .data()
                     .toString()
                     .isEmpty());
}

void TestWindow::fileDroppedOnAList()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    shown.drop(shown.window.comparePage()->lists()->pane(Side::Right), {sample("lenet5_keras.h5")});
    QVERIFY(shown.settle());
    QCOMPARE(shown.window.verdict()->state(), Verdict::Differs);
    QVERIFY2(shown.verdict().contains(QStringLiteral("from conv2d on")), qPrintable(shown.verdict()));
    QVERIFY(shown.verdict().contains(QStringLiteral("8 of 8 layers differ")));
    QCOMPARE(shown.window.comparePage()->chosenLayer(), QStringLiteral("conv2d"));
}

void TestWindow::stateDictShowsItsLinks()
{
    ShownWindow shown(*m_around.theme);
    shown.workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    shown.drop(shown.window.emptyPage(), {data("lenet5_state.pt"), sample("lenet5.h5")});
    QVERIFY(shown.settle());
    QCOMPARE(shown.window.verdict()->state(), Verdict::Assumed); // its order is the other file's
    QCOMPARE(shown.gutter()->ribbons().size(), 8);
    auto* notes = shown.window.comparePage()->lists()->pane(Side::Left)->banner();
    QVERIFY(notes->isVisible()); // what was assumed of the wiring
    QVERIFY(!shown.window.comparePage()->lists()->pane(Side::Right)->banner()->isVisible());
    shown.close(notes);
    shown.workspace.unlink(QStringLiteral("flatten"), Side::Right);
    QVERIFY(shown.settle());
    QVERIFY(!notes->isVisible()); // read once is enough
}

void TestWindow::sampleThenClosedIsRecent()
{
    QSettings().remove(QStringLiteral("recent"));
    ShownWindow shown(*m_around.theme);
    for (auto* button : shown.window.emptyPage()->findChildren<QPushButton*>())
        if (button->text().contains(QStringLiteral("sample"), Qt::CaseInsensitive))
            shown.click(button);
    QVERIFY(shown.settle());
    QCOMPARE(shown.window.verdict()->state(), Verdict::TiesOut);
    shown.key(Qt::Key_W, Qt::ControlModifier);
    QCOMPARE(shown.window.shownPage(), QStringLiteral("empty"));
    QCOMPARE(shown.window.verdict()->state(), Verdict::Waiting);
    const auto recent = app::Settings().recentPairs();
    QCOMPARE(recent.size(), 1);
    QVERIFY(recent[0].left.endsWith(QStringLiteral("lenet5.pt")));
    QCOMPARE(recent[0].verdict, QStringLiteral("ties-out"));
    Q_EMIT shown.window.emptyPage()->recentChosen(0);
    QVERIFY(shown.settle());
    QCOMPARE(shown.window.verdict()->state(), Verdict::TiesOut);
}

void TestWindow::oneFileSaysWhatIsMissing()
{
    ShownWindow shown(*m_around.theme);
    shown.workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    shown.workspace.open(sample("lenet5.pt"));
    QVERIFY(shown.settle());
    QCOMPARE(shown.window.verdict()->state(), Verdict::NotCompared);
    QVERIFY2(shown.verdict().contains(QStringLiteral("no Keras model is open")), qPrintable(shown.verdict()));
    QVERIFY(!shown.window.comparePage()->chart()->headline().rest.isEmpty());
    const auto& values = shown.window.comparePage()->heatmaps()->values();
    QVERIFY(!values.leftValue.isNull());
    QVERIFY(!values.rightProblem.isEmpty() && !values.differenceProblem.isEmpty());
    QVERIFY(!shown.window.actions().autoMap->isEnabled());
}

void TestWindow::brokenFileHasABanner()
{
    const QString broken = cutCopy("lenet5.h5", m_around.folder.filePath(QStringLiteral("cut.h5")), 3000);
    ShownWindow shown(*m_around.theme);
    shown.workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    shown.drop(shown.window.emptyPage(), {broken, sample("lenet5.pt")});
    QVERIFY(shown.settle());
    auto* lists = shown.window.comparePage()->lists();
    QVERIFY(lists->pane(Side::Right)->banner()->isVisible());
    QVERIFY2(lists->pane(Side::Right)->banner()->details().contains(QStringLiteral("cut.h5")),
             qPrintable(lists->pane(Side::Right)->banner()->details()));
    QVERIFY(!lists->pane(Side::Left)->banner()->isVisible());
    QCOMPARE(lists->pane(Side::Left)->layers()->rowCount(), 13);
    QCOMPARE(shown.window.verdict()->state(), Verdict::NotCompared);
    QVERIFY(!shown.window.comparePage()->heatmaps()->values().leftValue.isNull()); // the other side is run all the same
}

void TestWindow::bannerGoesTheRestStays()
{
    const QString broken = cutCopy("lenet5.h5", m_around.folder.filePath(QStringLiteral("cut2.h5")), 3000);
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    auto* pane = shown.window.comparePage()->lists()->pane(Side::Right);
    const auto range = [&] {
        return pane->layers()
            ->parameterIndex(QStringLiteral("conv2d/bias:0"))
            .siblingAtColumn(widgets::LayerModel::RangeColumn)
            .data()
            .toString();
    };
    QTRY_VERIFY(!range().isEmpty());
    shown.drop(pane, {broken});
    QTRY_VERIFY(pane->banner()->isVisible());
    QCOMPARE(shown.window.verdict()->state(), Verdict::TiesOut); // of the file that is still open
    QCOMPARE(shown.gutter()->ribbons().size(), 8);
    shown.close(pane->banner());
    QVERIFY(!pane->banner()->isVisible());
    QCOMPARE(shown.gutter()->ribbons().size(), 8);
    QVERIFY(pane->layers()->rowCount() > 0);
    QVERIFY(!range().isEmpty());
}

void TestWindow::outlivesTheWorker()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    const int worker = core::engines::torchWorkerProcessId();
    QVERIFY(worker > 0);
    QCOMPARE(::kill(worker, SIGKILL), 0);
    shown.workspace.chooseInput({app::InputChoice::Kind::Sample, 4, {}});
    QVERIFY(shown.settle());
    QVERIFY(shown.window.banner()->isVisible());
    QVERIFY(!shown.window.banner()->details().isEmpty());
    QCOMPARE(shown.window.verdict()->state(), Verdict::TiesOut);
    QCOMPARE(shown.workspace.result()->label, shown.workspace.samples()->label(4));
    QVERIFY(core::engines::torchWorkerProcessId() > 0);
    QVERIFY(core::engines::torchWorkerProcessId() != worker);
    shown.workspace.chooseInput({app::InputChoice::Kind::Sample, 5, {}});
    QVERIFY(shown.settle());
    QCOMPARE(shown.window.verdict()->state(), Verdict::TiesOut);
}

void TestWindow::savesTheProof(ShownWindow& shown)
{
    auto* part = shown.window.findChild<app::ConvertPart*>();
    for (const char* name : {"proof.html", "proof.json"}) {
        const QString path = m_around.folder.filePath(QLatin1String(name));
        part->saveProof(path);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        QVERIFY(bytes.contains("converted.h5") && (bytes.contains("PROVED") || bytes.contains("\"result\": \"proved\"")));
    }
}

/// A file that is there stays until the person has said that it may go.
void TestWindow::asksBeforeItReplaces(ShownWindow& shown, const QString& path)
{
    auto* page = shown.window.convertPage();
    const QDateTime written = QFileInfo(path).lastModified();
    const auto answer = [&](QMessageBox::ButtonRole role) {
        shown.click(page->writeButton());
        auto* question = page->findChild<QMessageBox*>();
        QVERIFY(question && question->text().contains(QStringLiteral("converted.h5")));
        QTRY_VERIFY2(question->text().contains(QStringLiteral("a Keras file (keras-h5) with 10 parameters")), qPrintable(question->text()));
        for (auto* button : question->buttons())
            if (question->buttonRole(button) == role)
                button->click();
        QTRY_VERIFY(!page->findChild<QMessageBox*>());
    };
    answer(QMessageBox::RejectRole);
    QCOMPARE(QFileInfo(path).lastModified(), written);
    QVERIFY(page->writeButton()->isEnabled());
    QSignalSpy done(&shown.workspace, &app::Workspace::converted);
    answer(QMessageBox::DestructiveRole);
    QTRY_COMPARE_WITH_TIMEOUT(done.count(), 1, patience);
    QVERIFY(QFileInfo(path).lastModified() > written);
    QCOMPARE(page->proof()->verdict(), QStringLiteral("PROVED"));
    shown.window.activateWindow(); // as a window manager does behind a dialog that was closed
    QVERIFY(QTest::qWaitForWindowActive(&shown.window));
}

void TestWindow::convertsAndProves()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair("lenet5_keras.h5"));
    shown.key(Qt::Key_3, Qt::ControlModifier);
    QCOMPARE(shown.window.shownPage(), QStringLiteral("convert"));
    auto* page = shown.window.convertPage();
    QTRY_COMPARE(page->changes()->tensorCount(), 10);
    QVERIFY(page->choice().leftToRight);
    QVERIFY(page->choice().path.endsWith(QStringLiteral("lenet5_from_torch.h5")));
    const QString path = m_around.folder.filePath(QStringLiteral("converted.h5"));
    for (auto* line : page->findChildren<QLineEdit*>())
        if (line->text() == page->choice().path)
            shown.type(line, path);
    QCOMPARE(page->choice().path, path);
    QVERIFY(page->writeButton()->isEnabled());
    if (!QFile::exists(path)) // Return in the line may have started it
        shown.click(page->writeButton());
    QVERIFY(QTest::qWaitFor([&] { return page->proof()->verdict() == QStringLiteral("PROVED"); }, patience));
    QVERIFY(QFile::exists(path));
    for (const auto& line : page->proof()->lines())
        QVERIFY2(line.holds.value_or(true), qPrintable(line.title));
    QCOMPARE(page->changes()->index(0, 0).data(widgets::ChangesModel::ProvedRole).toBool(), true);
    QVERIFY(!shown.window.banner()->isVisible());
    savesTheProof(shown);
    asksBeforeItReplaces(shown, path);

    shown.key(Qt::Key_Left, Qt::ControlModifier | Qt::AltModifier);
    QVERIFY(!page->choice().leftToRight);
    QVERIFY(page->choice().path != path || page->choice().writer == &core::formats::stateDictWriter);
    QTRY_VERIFY(page->writeButton()->isEnabled());
    QCOMPARE(page->changes()->tensorCount(), 10);
    QVERIFY(page->proof()->verdict().isEmpty()); // the other plan is not proved
    shown.key(Qt::Key_1, Qt::ControlModifier);
    QCOMPARE(shown.window.shownPage(), QStringLiteral("compare"));
}

void TestWindow::themesSwitch()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    shown.window.actions().themeDark->trigger();
    QVERIFY(m_around.theme->isDark());
    QVERIFY(shown.settle());
    const QImage dark = shown.window.grab().toImage();
    shown.window.actions().themeLight->trigger();
    QVERIFY(!m_around.theme->isDark());
    QVERIFY(shown.settle());
    const QImage light = shown.window.grab().toImage();
    const QPoint corner(2, dark.height() - 4); // of the status bar
    QVERIFY(dark.pixelColor(corner).lightness() < 80);
    QVERIFY(light.pixelColor(corner).lightness() > 180);
    QCOMPARE(app::Settings().theme(), app::ThemeChoice::Light);
    QVERIFY(shown.window.actions().themeLight->isChecked());
    QCOMPARE(shown.window.verdict()->state(), Verdict::TiesOut);
}

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
