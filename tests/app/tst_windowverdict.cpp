// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/commandline.h"
#include "app/window/comparepage.h"
#include "app/window/listspart.h"
#include "app/window/shownpair.h"
#include "app/window/tensorpair.h"
#include "core/json/json.h"
#include "patched.h"
#include "shownwindow.h"
#include "widgets/digit/digitpages.h"
#include "widgets/digit/digitpanel.h"
#include "widgets/digit/inputpage.h"
#include "widgets/digit/valuesview.h"
#include "widgets/lists/layerpane.h"
#include "widgets/lists/layertree.h"
#include "widgets/lists/linkgutter.h"
#include "widgets/plots/errorchart.h"
#include "widgets/tensor/tensorinspector.h"
#include "widgets/verdict/verdictchip.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QWheelEvent>
#include <limits>

using app::Side;
using namespace opened;
using Verdict = widgets::VerdictChip::State;
using Mark = widgets::ParameterMark::Kind;
using Tone = widgets::ChartHeadline::Tone;

namespace {

constexpr const char* kernel = "dense_1/kernel:0";

bool waitForSamples(ShownWindow& shown)
{
    const bool run = QTest::qWaitFor([&] { return shown.workspace.sampleRuns() != nullptr; }, patience);
    QCoreApplication::processEvents();
    return run;
}

Mark markOf(ShownWindow& shown, Side side, const QString& name, bool parameter = true)
{
    const auto* layers = shown.window.comparePage()->lists()->pane(side)->layers();
    const QModelIndex index = parameter ? layers->parameterIndex(name) : layers->layerIndex(name);
    return static_cast<Mark>(index.data(widgets::LayerModel::MarkRole).toInt());
}

Mark markOfLink(ShownWindow& shown, const QString& layer, bool onLeft)
{
    for (const widgets::Ribbon& ribbon : shown.gutter()->ribbons())
        if (ribbon.joins(layer, onLeft))
            return ribbon.values;
    return Mark::None;
}

/// No chart is greener than the chip.
bool agree(ShownWindow& shown)
{
    const Tone tone = shown.window.comparePage()->chart()->headline().tone;
    switch (shown.window.verdict()->state()) {
    case Verdict::TiesOut:
        return tone == Tone::Good;
    case Verdict::Differs:
        return tone == Tone::Bad;
    case Verdict::Assumed:
    case Verdict::NotCompared:
        return tone == Tone::Unsure;
    default:
        return tone == Tone::Plain;
    }
}

QComboBox* toleranceBox(const app::MainWindow& window)
{
    for (auto* box : window.findChildren<QComboBox*>())
        if (box->accessibleName() == QStringLiteral("Tolerance"))
            return box;
    return nullptr;
}

}

/// That nothing in the window is greener than it should be, and that it says what the weights tell.
class TestWindowVerdict : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sampleDigitsStandBehindTheVerdict();
    void oneWeightThatShows();
    void oneWeightThatNoOutputShows();
    void nanIsNoAnswer();
    void weightsAlone_data();
    void weightsAlone();
    void partlyRunIsNoGreen();
    void borrowedWiringIsNoGreen();
    void noiseIsNoDigit();
    void toleranceRunsNothing();
    void linksByHandRunNothing();
    void wheelLeavesTheToleranceAlone();
    void commandLineNamesTheMapping();

private:
    Surroundings m_around;
};

void TestWindowVerdict::sampleDigitsStandBehindTheVerdict()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    QVERIFY(waitForSamples(shown));
    QCOMPARE(shown.window.verdict()->state(), Verdict::TiesOut);
    QVERIFY2(shown.verdict().contains(QStringLiteral("ties out on 30 of 30 sample digits")), qPrintable(shown.verdict()));
    QVERIFY(agree(shown));
    // A tolerance that the chosen digit keeps but not every other: the chip takes the others' side.
    const auto runs = shown.workspace.sampleRuns();
    double most = 0;
    for (const auto& sample : runs->samples)
        most = std::max(most, sample.worst);
    const double own = shown.workspace.report()->minimumTolerance;
    QVERIFY(most > own);
    shown.workspace.setTolerance((own + most) / 2);
    QVERIFY(shown.settle());
    QCOMPARE(shown.workspace.report()->verdict, core::compare::Verdict::TiesOut);
    QCOMPARE(shown.workspace.sampleRuns(), runs); // judged anew, not run anew
    QCOMPARE(shown.window.verdict()->state(), Verdict::Differs);
    QVERIFY2(shown.verdict().contains(QStringLiteral("of 30 sample digits")), qPrintable(shown.verdict()));
    QVERIFY(agree(shown));
}

void TestWindowVerdict::oneWeightThatShows()
{
    const QString wrong = patchedCopy("lenet5.h5", m_around.folder.filePath("shows.h5"), kernel, 35, 1.5F);
    QVERIFY(!wrong.isEmpty());
    ShownWindow shown(*m_around.theme);
    shown.workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    shown.workspace.openPair(sample("lenet5.pt"), wrong);
    QVERIFY(shown.settle());
    QCOMPARE(shown.window.verdict()->state(), Verdict::Differs);
    QVERIFY2(shown.verdict().contains(QStringLiteral("9 of 10 parameters equal")), qPrintable(shown.verdict()));
    QVERIFY(agree(shown));
    QCOMPARE(markOf(shown, Side::Right, QString::fromLatin1(kernel)), Mark::Differs);
    QCOMPARE(markOf(shown, Side::Left, QStringLiteral("11.weight")), Mark::Differs);
    QCOMPARE(markOf(shown, Side::Left, QStringLiteral("11.bias")), Mark::Equal);
    QCOMPARE(markOf(shown, Side::Left, QStringLiteral("11"), false), Mark::Differs);
    QCOMPARE(markOf(shown, Side::Left, QStringLiteral("0"), false), Mark::Equal);
    QCOMPARE(markOfLink(shown, QStringLiteral("11"), true), Mark::Differs);
    QCOMPARE(markOfLink(shown, QStringLiteral("0"), true), Mark::Equal);

    auto* page = shown.window.comparePage();
    QVERIFY(page->showParameter(Side::Left, QStringLiteral("11.weight")));
    const auto* pair = page->parameters();
    QVERIFY(pair->inspector(Side::Left)->isVisible() && pair->inspector(Side::Right)->isVisible());
    QCOMPARE(pair->inspector(Side::Right)->parameter().name, std::string(kernel));
    QVERIFY2(pair->comparison().contains(QStringLiteral("1 of 840 values differs, most at [3,5]")), qPrintable(pair->comparison()));
    QVERIFY(page->chart()->isVisible()); // where and what are seen together
}

void TestWindowVerdict::oneWeightThatNoOutputShows()
{
    const float value = valueOf("lenet5.h5", kernel, 35) + 2e-5F;
    const QString wrong = patchedCopy("lenet5.h5", m_around.folder.filePath("hidden.h5"), kernel, 35, value);
    ShownWindow shown(*m_around.theme);
    shown.workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    shown.workspace.openPair(sample("lenet5.pt"), wrong);
    QVERIFY(shown.settle());
    QCOMPARE(shown.workspace.report()->differing, 0);
    QCOMPARE(shown.window.verdict()->state(), Verdict::Differs);
    QVERIFY2(shown.verdict().contains(QStringLiteral("in 1 of 10 parameters")), qPrintable(shown.verdict()));
    QVERIFY(agree(shown));
}

void TestWindowVerdict::nanIsNoAnswer()
{
    const QString wrong =
        patchedCopy("lenet5.h5", m_around.folder.filePath("nan.h5"), "conv2d_1/kernel:0", 7, std::numeric_limits<float>::quiet_NaN());
    ShownWindow shown(*m_around.theme);
    shown.workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    shown.workspace.openPair(sample("lenet5.pt"), wrong);
    QVERIFY(shown.settle());
    QCOMPARE(shown.window.verdict()->state(), Verdict::Differs);
    QVERIFY2(shown.verdict().contains(QStringLiteral("NaN from conv2d_1 on")), qPrintable(shown.verdict()));
    QVERIFY(agree(shown));
    auto* answers = shown.window.comparePage()->digits()->testPage()->findChild<widgets::Answers*>();
    QCOMPARE(answers->answer(0).first, QStringLiteral("7"));
    QCOMPARE(answers->answer(1), std::pair(QString(), QStringLiteral("NaN")));
    const auto* layers = shown.window.comparePage()->lists()->pane(Side::Right)->layers();
    QVERIFY(layers->parameterIndex(QStringLiteral("conv2d_1/kernel:0")).data(widgets::LayerModel::NanRole).toBool());
    QVERIFY(layers->layerIndex(QStringLiteral("conv2d_1")).data(widgets::LayerModel::NanRole).toBool());
    QCOMPARE(app::heatmapValues(shown.workspace, {}, true).leftProblem, QStringLiteral("no layer is chosen")); // no word of a mate
    QVERIFY(!layers->layerIndex(QStringLiteral("conv2d")).data(widgets::LayerModel::NanRole).toBool());
}

void TestWindowVerdict::weightsAlone_data()
{
    QTest::addColumn<QString>("left");
    QTest::addColumn<QString>("right");
    QTest::addColumn<QString>("told");
    QTest::newRow("one state dict twice") << data("lenet5_state.pt") << data("lenet5_state.pt")
                                          << QStringLiteral("10 of 10 parameters equal");
    QTest::newRow("state dict and checkpoint") << data("lenet5_state.pt") << data("lenet5_checkpoint.pt")
                                               << QStringLiteral("parameters equal");
}

void TestWindowVerdict::weightsAlone()
{
    QFETCH(QString, left);
    QFETCH(QString, right);
    QFETCH(QString, told);
    ShownWindow shown(*m_around.theme);
    shown.workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    shown.workspace.openPair(left, right);
    QVERIFY(shown.settle());
    QCOMPARE(shown.window.verdict()->state(), Verdict::NotCompared);
    QVERIFY2(shown.verdict().contains(told), qPrintable(shown.verdict()));
    QVERIFY(agree(shown));
    QVERIFY(markOf(shown, Side::Left, QStringLiteral("0.weight")) != Mark::None);
    const QString rest = shown.window.comparePage()->chart()->headline().rest; // two sentences
    QVERIFY2(rest.contains(QStringLiteral("parameters equal. ")), qPrintable(rest));
}

void TestWindowVerdict::partlyRunIsNoGreen()
{
    ShownWindow shown(*m_around.theme);
    shown.workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    shown.workspace.openPair(data("orders/lost.pt"), data("orders/lost.h5"));
    QVERIFY(shown.settle());
    QCOMPARE(shown.window.verdict()->state(), Verdict::NotCompared);
    QVERIFY2(shown.verdict().contains(QStringLiteral("lost (Lambda)")), qPrintable(shown.verdict()));
    QVERIFY(agree(shown));
    const auto& headline = shown.window.comparePage()->chart()->headline();
    QVERIFY2(headline.rest.startsWith(QStringLiteral("1 of 3 layers could run, all within 1e-5.")), qPrintable(headline.rest));
}

void TestWindowVerdict::borrowedWiringIsNoGreen()
{
    ShownWindow shown(*m_around.theme);
    shown.workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    shown.workspace.openPair(data("lenet5_state.pt"), sample("lenet5.h5"));
    QVERIFY(shown.settle());
    QVERIFY(waitForSamples(shown));
    QCOMPARE(shown.window.verdict()->state(), Verdict::Assumed);
    QVERIFY2(shown.verdict().contains(QStringLiteral("as far as the files tell order, ")), qPrintable(shown.verdict()));
    QVERIFY2(shown.verdict().contains(QStringLiteral("outputs agree on 30 of 30")), qPrintable(shown.verdict()));
    QVERIFY(agree(shown));
}

void TestWindowVerdict::noiseIsNoDigit()
{
    ShownWindow shown(*m_around.theme);
    shown.workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    shown.workspace.openPair(data("kinds/conv_stride.pt"), data("kinds/conv_stride.h5"));
    QVERIFY(shown.settle());
    auto* digits = shown.window.comparePage()->digits();
    QVERIFY(!digits->showsDigits());
    QVERIFY(!digits->testPage()->isVisible());
    QVERIFY2(digits->inputPage()->title().startsWith(QStringLiteral("noise of shape [")), qPrintable(digits->inputPage()->title()));
    for (const auto* label : digits->findChildren<QLabel*>())
        QVERIFY2(!label->isVisible() || !label->text().contains(QStringLiteral("/255")), qPrintable(label->text()));
    for (const std::size_t side : {0u, 1u})
        QVERIFY(!digits->inputPage()->values(side)->caption().isEmpty());
    QVERIFY(!shown.workspace.sampleRuns() && !shown.workspace.runsSamples()); // its answers to digits would mean nothing
    const core::Tensor before = shown.workspace.result()->inputLeft;
    digits->inputPage()->seedBox()->setValue(5);
    QVERIFY(shown.settle());
    QVERIFY(!std::ranges::equal(shown.workspace.result()->inputLeft.floats(), before.floats()));
    QVERIFY(app::commandLine(shown.workspace).contains(QStringLiteral("--random 5")));
    shown.workspace.undoStack().undo();
    QVERIFY(shown.settle());
    QCOMPARE(digits->inputPage()->seedBox()->value(), 0);
    shown.workspace.openPair(sample("lenet5.pt"), sample("lenet5.h5"));
    QVERIFY(shown.settle());
    QVERIFY(digits->showsDigits());
}

void TestWindowVerdict::toleranceRunsNothing()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    const auto values = [&] { return shown.workspace.result()->traces.left.values.back()->sharedBytes(); };
    const auto before = values();
    shown.workspace.setTolerance(1e-12);
    QVERIFY(shown.settle());
    QCOMPARE(shown.window.verdict()->state(), Verdict::Differs);
    QCOMPARE(values(), before);
}

void TestWindowVerdict::linksByHandRunNothing()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    const auto values = [&] { return shown.workspace.result()->traces.left.values.back()->sharedBytes(); };
    const auto before = values();
    shown.workspace.unlink(QStringLiteral("flatten"), Side::Right);
    QVERIFY(shown.settle());
    QCOMPARE(shown.workspace.report()->layers.size(), std::size_t{7});
    QCOMPARE(values(), before);
}

void TestWindowVerdict::wheelLeavesTheToleranceAlone()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    QComboBox* box = toleranceBox(shown.window);
    shown.tree(Side::Left)->setFocus();
    const auto wheel = [&] {
        const QPointF at(box->rect().center());
        QWheelEvent event(at, box->mapToGlobal(at), {}, {0, -120}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(box, &event);
    };
    wheel();
    QCOMPARE(box->currentText(), QStringLiteral("1e-5"));
    QVERIFY(!box->hasFocus());
    box->setFocus();
    wheel();
    QVERIFY(box->currentText() != QStringLiteral("1e-5")); // the one that the person works with
}

void TestWindowVerdict::commandLineNamesTheMapping()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    QVERIFY(!app::commandLine(shown.workspace).contains(QStringLiteral("--map")));
    shown.workspace.unlink(QStringLiteral("flatten"), Side::Right);
    QVERIFY(shown.settle());
    const QString line = app::commandLine(shown.workspace);
    const auto at = line.indexOf(QStringLiteral("--map '")) + 7;
    QVERIFY2(at > 7, qPrintable(line));
    QFile kept(line.mid(at, line.indexOf(QLatin1Char('\''), at) - at));
    QVERIFY(kept.open(QIODevice::ReadOnly));
    const core::Json json = core::parseJson(kept.readAll().toStdString(), "mapping");
    const auto& pair = *shown.workspace.pair();
    QCOMPARE(core::mapping::fromJson(json, *pair.left, *pair.right, false, "mapping").links.size(), std::size_t{7});
}

QTEST_MAIN(TestWindowVerdict)
#include "tst_windowverdict.moc"
