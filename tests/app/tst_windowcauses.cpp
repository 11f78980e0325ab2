// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/comparepage.h"
#include "app/window/listspart.h"
#include "patched.h"
#include "shownwindow.h"
#include "widgets/heatmap/heatmappanel.h"
#include "widgets/plots/errorchart.h"
#include "widgets/tensor/tensorpanel.h"
#include "widgets/verdict/verdictchip.h"

using app::Side;
using namespace opened;

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
    const bool done = QTest::qWaitFor(
        [&] { return isCurrent(shown.workspace) && shown.workspace.result()->localErrors && !shown.workspace.measuresLayers(); }, patience);
    QCoreApplication::processEvents();
    return done;
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

private:
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

QTEST_MAIN(TestWindowCauses)
#include "tst_windowcauses.moc"
