// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/comparepage.h"
#include "app/window/listspart.h"
#include "core/convert/convert.h"
#include "patched.h"
#include "shownwindow.h"
#include "widgets/heatmap/heatmappanel.h"
#include "widgets/lists/layermodel.h"
#include "widgets/lists/layerpane.h"
#include "widgets/plots/errorchart.h"
#include "widgets/sides/text.h"
#include "widgets/tensor/tensorpanel.h"
#include "widgets/verdict/banner.h"
#include "widgets/verdict/causebar.h"
#include "widgets/verdict/verdictchip.h"

#include <QPushButton>

using app::Side;
using namespace opened;
using Verdict = widgets::VerdictChip::State;

namespace {

constexpr const char* kernel = "conv2d_1/kernel:0";
constexpr int kernelSide = 5;

/// Height and width of an HWIO kernel in each other's place.
void swapSides(std::vector<float>& values)
{
    const std::size_t side = kernelSide, inner = values.size() / (side * side);
    const std::vector<float> before = values;
    for (std::size_t y = 0; y < side; ++y)
        for (std::size_t x = 0; x < side; ++x)
            std::copy_n(before.begin() + static_cast<std::ptrdiff_t>((x * side + y) * inner), inner,
                        values.begin() + static_cast<std::ptrdiff_t>((y * side + x) * inner));
}

bool waitForLocalErrors(ShownWindow& shown)
{
    const bool done = QTest::qWaitFor([&] { return isCurrent(shown.workspace) && shown.workspace.result()->localErrors; }, patience);
    QCoreApplication::processEvents();
    return done;
}

bool waitForCauses(ShownWindow& shown)
{
    const bool done = QTest::qWaitFor(
        [&] {
            const auto result = shown.workspace.result();
            return isCurrent(shown.workspace) && !shown.workspace.explains() && (result->explained || tiesOut(shown.workspace));
        },
        patience);
    QCoreApplication::processEvents();
    return done;
}

/// The chip's state, which chart and lists must not outdo.
bool agree(ShownWindow& shown)
{
    using Tone = widgets::ChartHeadline::Tone;
    const Tone tone = shown.window.comparePage()->chart()->headline().tone;
    const QModelIndex kernelRow =
        shown.window.comparePage()->lists()->pane(Side::Right)->layers()->parameterIndex(QString::fromLatin1(kernel));
    const auto mark = static_cast<widgets::ParameterMark::Kind>(kernelRow.data(widgets::LayerModel::MarkRole).toInt());
    switch (shown.window.verdict()->state()) {
    case Verdict::TiesOut:
        return tone == Tone::Good && mark == widgets::ParameterMark::Kind::Equal;
    case Verdict::Repaired:
        return tone == Tone::Tried && mark == widgets::ParameterMark::Kind::Tried;
    case Verdict::Differs:
        return tone == Tone::Bad && mark == widgets::ParameterMark::Kind::Differs;
    default:
        return false;
    }
}

QString causeOf(ShownWindow& shown, Side side, const QString& layer)
{
    const auto* layers = shown.window.comparePage()->lists()->pane(side)->layers();
    return layers->layerIndex(layer).data(widgets::LayerModel::CauseRole).toString();
}

const core::compare::LayerResult& layerOf(const app::Workspace& workspace, const char* right)
{
    const auto& layers = workspace.report()->layers;
    return *std::find_if(layers.begin(), layers.end(), [&](const auto& layer) { return layer.right == right; });
}

}

/// Where and why two networks differ, as the window tells it.
class TestWindowCauses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void layersAreMeasuredAlone();
    void toleranceMeasuresNothing();
    void oneLayerAlone();
    void causeIsToldEverywhere();
    void fixIsTriedAndTakenBack();
    void repairedCopyIsConverted();
    void reloadDropsWhatIsTried();
    void tyingOutNeedsNoCause();

private:
    bool openExplained(ShownWindow& shown);
    bool openSwapped(ShownWindow& shown);

    Surroundings m_around;
    QString m_swapped;
};

void TestWindowCauses::initTestCase()
{
    m_swapped = editedCopy("lenet5.h5", m_around.folder.filePath(QStringLiteral("swapped.h5")), kernel, swapSides);
    QVERIFY(!m_swapped.isEmpty());
}

bool TestWindowCauses::openSwapped(ShownWindow& shown)
{
    shown.workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    shown.workspace.openPair(sample("lenet5.pt"), m_swapped);
    return QTest::qWaitFor([&] { return shown.workspace.result() != nullptr; }, patience) && waitForLocalErrors(shown);
}

bool TestWindowCauses::openExplained(ShownWindow& shown)
{
    return openSwapped(shown) && waitForCauses(shown);
}

/// One fault, carried on to every layer behind it: alone, only the layer that has it differs.
void TestWindowCauses::layersAreMeasuredAlone()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(openSwapped(shown));
    const auto& report = *shown.workspace.report();
    QVERIFY(report.differing > 1);
    for (const auto& layer : report.layers) {
        QVERIFY2(layer.localScaledMax, layer.right.c_str());
        QCOMPARE(*layer.localScaledMax > report.tolerance, layer.right == "conv2d_1");
    }
    const QString csv = shown.window.comparePage()->chart()->asCsv();
    for (const QString& line : csv.split(u'\n', Qt::SkipEmptyParts).mid(1))
        QVERIFY2(!line.split(u',')[2].isEmpty(), qPrintable(line));
}

void TestWindowCauses::toleranceMeasuresNothing()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(openSwapped(shown));
    const double before = *layerOf(shown.workspace, "dense").localScaledMax;
    shown.workspace.setTolerance(1e-3);
    QVERIFY(shown.settle());
    QVERIFY(shown.workspace.result()->localErrors); // at once, not measured anew
    QCOMPARE(*layerOf(shown.workspace, "dense").localScaledMax, before);
    shown.workspace.chooseInput({app::InputChoice::Kind::Sample, 3, {}});
    QVERIFY(opened::waitForResult(shown.workspace));
    QVERIFY(!shown.workspace.result()->localErrors); // of another digit: never the old ones
    QVERIFY(waitForLocalErrors(shown));
}

/// Both sides of the pair on one input in the pictures, told as such, and back.
void TestWindowCauses::oneLayerAlone()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(openSwapped(shown));
    app::ComparePage& page = *shown.window.comparePage();
    shown.press(shown.rowOf(Side::Right, QStringLiteral("dense")));
    shown.release(shown.rowOf(Side::Right, QStringLiteral("dense")));
    const auto whole = page.heatmaps()->values().rightValue;
    QVERIFY(!whole.isNull());
    shown.window.actions().layerAlone->trigger();
    QVERIFY(page.showsAlone() && shown.window.actions().layerAlone->isChecked());
    QVERIFY(QTest::qWaitFor([&] { return shown.workspace.alone() != nullptr; }, patience));
    const auto alone = page.heatmaps()->values();
    QVERIFY2(alone.layer.contains(QStringLiteral("alone")), qPrintable(alone.layer));
    QVERIFY(!alone.leftValue.isNull() && !alone.rightValue.isNull());
    QCOMPARE(core::compare::metrics(alone.leftValue, alone.rightValue).scaledMax, *layerOf(shown.workspace, "dense").localScaledMax);
    QVERIFY(core::compare::metrics(alone.leftValue, whole).scaledMax > 1e-3); // in the whole run it has another input
    // Another digit: the same layer of that one, never of the last.
    shown.workspace.chooseInput({app::InputChoice::Kind::Sample, 3, {}});
    QVERIFY(waitForLocalErrors(shown));
    QVERIFY(QTest::qWaitFor([&] { return shown.workspace.alone() != nullptr; }, patience));
    QVERIFY(core::compare::metrics(page.heatmaps()->values().leftValue, alone.leftValue).maxAbs > 1e-3);
    page.lists()->setFocus();
    QTest::keyClick(&page, Qt::Key_Escape);
    QVERIFY(!page.showsAlone() && !shown.window.actions().layerAlone->isChecked());
    QVERIFY(!page.heatmaps()->values().layer.contains(QStringLiteral("alone")));
}

/// Chip, chart and both lists say the same sentence, and the fix is one click away.
void TestWindowCauses::causeIsToldEverywhere()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(openExplained(shown));
    const QString sentence = QStringLiteral("kernel height and width swapped");
    QVERIFY2(shown.verdict().contains(sentence), qPrintable(shown.verdict()));
    const auto& chart = *shown.window.comparePage()->chart();
    QVERIFY2(chart.headline().rest.contains(sentence), qPrintable(chart.headline().rest));
    QVERIFY2(chart.headline().strong.contains(QStringLiteral("conv2d_1")), qPrintable(chart.headline().strong));
    QVERIFY(causeOf(shown, Side::Right, QStringLiteral("conv2d_1")).contains(sentence));
    QVERIFY(causeOf(shown, Side::Left, QStringLiteral("3")).contains(sentence));
    QVERIFY(causeOf(shown, Side::Right, QStringLiteral("dense")).isEmpty()); // differs, but not by itself
    QVERIFY(shown.window.comparePage()->causes()->tryButton()->isVisible());
    QVERIFY(shown.window.actions().tryFix->isEnabled());
    QVERIFY(agree(shown));
}

/// The copy ties out and never looks as if the file did; a step back is a step back.
void TestWindowCauses::fixIsTriedAndTakenBack()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(openExplained(shown));
    const auto file = shown.workspace.opened(Side::Right);
    shown.click(shown.window.comparePage()->causes()->tryButton());
    QVERIFY(waitForCauses(shown));
    QCOMPARE(shown.workspace.report()->verdict, core::compare::Verdict::TiesOut);
    QCOMPARE(shown.workspace.trials().size(), std::size_t{1});
    QCOMPARE(shown.window.verdict()->state(), Verdict::Repaired);
    QVERIFY2(shown.verdict().startsWith(QStringLiteral("TIES OUT after 1 repair")), qPrintable(shown.verdict()));
    QVERIFY2(shown.verdict().contains(QStringLiteral("swapped.h5 is as it was")), qPrintable(shown.verdict()));
    QVERIFY(agree(shown));
    QCOMPARE(shown.workspace.opened(Side::Right), file);
    QVERIFY(causeOf(shown, Side::Right, QStringLiteral("conv2d_1")).contains(QStringLiteral("not in the file")));
    const auto* banner = shown.window.trialsBanner();
    QVERIFY(banner->isVisible());
    const double before = shown.workspace.trials().front()->before;
    QVERIFY(before > 1e-2);
    const QString numbers = QStringLiteral("%1 before, %2 after")
                                .arg(widgets::twoDigits(before), widgets::twoDigits(shown.workspace.report()->minimumTolerance));
    QVERIFY2(banner->details().contains(numbers), qPrintable(banner->details()));

    shown.key(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(waitForCauses(shown));
    QCOMPARE(shown.window.verdict()->state(), Verdict::Differs);
    QVERIFY(agree(shown));
    QVERIFY(!banner->isVisible());
    shown.workspace.undoStack().redo();
    QVERIFY(waitForCauses(shown));
    QCOMPARE(shown.window.verdict()->state(), Verdict::Repaired);
    shown.workspace.chooseInput({app::InputChoice::Kind::Sample, 4, {}}); // another digit: still of the copy
    QVERIFY(waitForCauses(shown));
    QCOMPARE(shown.window.verdict()->state(), Verdict::Repaired);
    shown.workspace.takeBackRepairs();
    QVERIFY(waitForCauses(shown));
    QCOMPARE(shown.window.verdict()->state(), Verdict::Differs);
    QVERIFY(agree(shown));
}

/// What is written of a side on which a fix is tried has it.
void TestWindowCauses::repairedCopyIsConverted()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(openExplained(shown));
    const auto kernelOf = [&] {
        const auto plan = shown.workspace.planner(false, false, core::formats::kerasH5Writer)(); // the Keras file written anew
        for (const auto& [name, tensor] : core::convert::convertedTensors(plan))
            if (name.find("conv2d_1") != name.npos && name.find("kernel") != name.npos)
                return std::vector<float>(tensor.floats().begin(), tensor.floats().end());
        return std::vector<float>();
    };
    const auto wrong = kernelOf();
    QVERIFY(!wrong.empty());
    shown.window.comparePage()->tryFix();
    QVERIFY(waitForCauses(shown));
    std::vector<float> right = wrong;
    swapSides(right);
    QVERIFY(right != wrong);
    QCOMPARE(kernelOf(), right);
    const auto told = [&](bool leftToRight, bool like) {
        const auto plan = shown.workspace.planner(leftToRight, like,
                                                  leftToRight || !like ? core::formats::kerasH5Writer : core::formats::stateDictWriter)();
        return std::count_if(plan.warnings.begin(), plan.warnings.end(), [](const core::Message& warning) {
            return warning.id == "repaired-copy" && warning.text.find("swapped.h5") != std::string::npos;
        });
    };
    QCOMPARE(told(false, false), 1); // in every document of the proof
    QCOMPARE(told(false, true), 1);
    QCOMPARE(told(true, true), 1); // its architecture is the copy's
    QCOMPARE(told(true, false), 0);
}

void TestWindowCauses::reloadDropsWhatIsTried()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(openExplained(shown));
    shown.window.comparePage()->tryFix();
    QVERIFY(waitForCauses(shown));
    QCOMPARE(shown.window.verdict()->state(), Verdict::Repaired);
    shown.workspace.reloadAll();
    QVERIFY(QTest::qWaitFor([&] { return shown.workspace.trials().empty(); }, patience));
    QVERIFY(waitForCauses(shown));
    QCOMPARE(shown.window.verdict()->state(), Verdict::Differs);
    QVERIFY(!shown.window.trialsBanner()->isVisible());
    QVERIFY2(shown.window.banner()->isVisible() && shown.window.banner()->details().contains(QStringLiteral("gone")),
             qPrintable(shown.window.banner()->details()));
    while (shown.workspace.undoStack().canUndo()) // no step back brings it to the file that was read anew
        shown.workspace.undoStack().undo();
    QVERIFY(waitForCauses(shown));
    QCOMPARE(shown.window.verdict()->state(), Verdict::Differs);
}

void TestWindowCauses::tyingOutNeedsNoCause()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    QVERIFY(waitForLocalErrors(shown));
    QVERIFY(waitForCauses(shown));
    QVERIFY(agree(shown));
    QVERIFY(shown.workspace.report()->causes.empty());
    QVERIFY(!shown.window.comparePage()->causes()->tryButton()->isVisible());
    QVERIFY(!shown.window.actions().tryFix->isEnabled());
    for (const auto& layer : shown.workspace.report()->layers)
        QVERIFY2(!layer.localDiffers, layer.right.c_str());
}

QTEST_MAIN(TestWindowCauses)
#include "tst_windowcauses.moc"
