// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/comparepage.h"
#include "app/window/listspart.h"
#include "shownwindow.h"
#include "widgets/digit/digitgrid.h"
#include "widgets/digit/digitpages.h"
#include "widgets/digit/digitpanel.h"
#include "widgets/digit/receivedview.h"
#include "widgets/heatmap/heatmappanel.h"
#include "widgets/lists/layerpane.h"
#include "widgets/lists/layertree.h"
#include "widgets/lists/linkgutter.h"
#include "widgets/plots/errorchart.h"
#include "widgets/plots/plotcanvas.h"
#include "widgets/theme/segmentedswitch.h"
#include "widgets/verdict/banner.h"
#include "widgets/verdict/verdictchip.h"

#include <QComboBox>
#include <QLineEdit>

using app::Side;
using namespace opened;
using Ribbon = widgets::Ribbon;
using Verdict = widgets::VerdictChip::State;

namespace {

QComboBox* toleranceBox(const app::MainWindow& window)
{
    for (auto* box : window.findChildren<QComboBox*>())
        if (box->accessibleName() == QStringLiteral("Tolerance"))
            return box;
    return nullptr;
}

/// Where the middle of a bar is.
QPoint barAt(const widgets::PlotCanvas* canvas, int index)
{
    for (int x = 0; x < canvas->width(); ++x)
        if (canvas->keyAt(QPointF(x, canvas->height() / 2.0)) >= index)
            return {x, canvas->height() / 2};
    return {};
}

QString flattenTo(Side side)
{
    return side == Side::Left ? QStringLiteral("8") : QStringLiteral("flatten");
}

}

/// Choosing, linking, drawing in the window, by mouse and keys.
class TestWindowEdits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void layerChosenEverywhere();
    void linksByDraggingAndDelete();
    void refusesAnImpossibleLink();
    void choosesADigit();
    void drawsLive();
    void toleranceTurnsTheVerdict();
    void goesThroughDifferences();
    void choosesABar();

private:
    Surroundings m_around;
};

void TestWindowEdits::layerChosenEverywhere()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    auto* page = shown.window.comparePage();
    QCOMPARE(page->chosenLayer(), QStringLiteral("conv2d"));
    const QPoint row = shown.rowOf(Side::Left, QStringLiteral("4"));
    shown.press(row);
    shown.release(row);
    QCOMPARE(page->chosenLayer(), QStringLiteral("4"));
    QVERIFY(page->chosenOnLeft());
    QCOMPARE(shown.tree(Side::Right)->currentLayer(), QStringLiteral("conv2d_1"));
    QCOMPARE(page->chart()->selected(), 2);
    const auto& values = page->heatmaps()->values();
    QCOMPARE(values.rightValue.shape(), (core::Shape{1, 10, 10, 16}));
    QCOMPARE(values.leftValue.shape(), values.rightValue.shape());
}

void TestWindowEdits::linksByDraggingAndDelete()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    const QPoint right = shown.rowOf(Side::Right, flattenTo(Side::Right));
    shown.press(right);
    shown.release(right);
    QCOMPARE(shown.window.comparePage()->chosenLayer(), QStringLiteral("flatten"));
    shown.key(Qt::Key_Delete);
    QVERIFY(shown.settle());
    QCOMPARE(shown.gutter()->ribbons().size(), 7);
    QCOMPARE(shown.window.verdict()->state(), Verdict::TiesOut);
    QVERIFY2(shown.verdict().contains(QStringLiteral("2 layers unmapped")), qPrintable(shown.verdict()));

    const QPoint from = shown.rowOf(Side::Left, flattenTo(Side::Left)), to = shown.rowOf(Side::Right, flattenTo(Side::Right));
    shown.press(from);
    shown.move((from + to) / 2);
    shown.move(to);
    shown.release(to);
    QVERIFY(shown.settle());
    const auto manual = [&] {
        const auto& all = shown.gutter()->ribbons();
        return std::count_if(all.begin(), all.end(), [](const Ribbon& ribbon) { return ribbon.kind == Ribbon::Kind::Manual; });
    };
    QCOMPARE(shown.gutter()->ribbons().size(), 8);
    QCOMPARE(manual(), 1);
    QVERIFY(!shown.verdict().contains(QStringLiteral("unmapped")));

    shown.key(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(shown.settle());
    QCOMPARE(shown.gutter()->ribbons().size(), 7);
    shown.key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(shown.settle());
    QCOMPARE(manual(), 1);
    shown.key(Qt::Key_Z, Qt::ControlModifier);
    shown.key(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(shown.settle());
    QCOMPARE(shown.gutter()->ribbons().size(), 8);
    QCOMPARE(manual(), 0);
    QVERIFY(!shown.workspace.undoStack().canUndo());
}

void TestWindowEdits::refusesAnImpossibleLink()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    const QPoint from = shown.rowOf(Side::Left, QStringLiteral("0")), to = shown.rowOf(Side::Right, QStringLiteral("dense"));
    shown.press(from);
    shown.move((from + to) / 2);
    shown.move(to);
    const auto* drag = shown.gutter()->findChild<widgets::LinkDrag*>();
    QVERIFY(drag->isActive());
    QVERIFY(!drag->reason().isEmpty());
    QVERIFY(QGuiApplication::overrideCursor());
    QCOMPARE(QGuiApplication::overrideCursor()->shape(), Qt::ForbiddenCursor);
    shown.release(to);
    QVERIFY(!QGuiApplication::overrideCursor());
    QCOMPARE(shown.workspace.undoStack().count(), 0);
    QCOMPARE(shown.gutter()->ribbons().size(), 8);
    QVERIFY(!shown.window.banner()->isVisible());
}

void TestWindowEdits::choosesADigit()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    auto* grid = shown.window.comparePage()->digits()->testPage()->grid();
    const QModelIndex third = grid->model()->index(2, 0);
    shown.click(grid->viewport(), grid->visualRect(third).center());
    QVERIFY(shown.settle());
    QCOMPARE(shown.workspace.choices().input.index, 2);
    QCOMPARE(shown.workspace.result()->label, shown.workspace.samples()->label(2));
    auto* answers = shown.window.comparePage()->digits()->testPage()->findChild<widgets::Answers*>();
    QCOMPARE(answers->answer(0).first, QString::number(*shown.workspace.result()->label));
    QCOMPARE(answers->answer(1).first, answers->answer(0).first);
    grid->setFocus();
    shown.key(Qt::Key_Right);
    QVERIFY(shown.settle());
    QCOMPARE(shown.workspace.choices().input.index, 3);
    shown.key(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(shown.settle());
    QCOMPARE(grid->currentDigit(), 2);
}

void TestWindowEdits::drawsLive()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    auto* digits = shown.window.comparePage()->digits();
    auto* modes = digits->modeSwitch();
    shown.click(modes, {modes->width() * 3 / 4, modes->height() / 2});
    QVERIFY(digits->isDrawing());
    QVERIFY(shown.settle());
    const auto blank = shown.workspace.result();
    const core::Tensor before = shown.window.comparePage()->heatmaps()->values().leftValue;

    auto* pad = digits->drawPage()->pad();
    QVERIFY(pad->height() >= 250); // it has the whole column
    QVERIFY(digits->drawPage()->received(0)->height() >= digits->drawPage()->received(0)->sizeHint().height());
    const QPoint top = pad->mapToGlobal(QPoint(pad->width() / 2, pad->height() / 5));
    shown.press(top);
    for (int step = 1; step <= 20; ++step) {
        shown.move(top + QPoint(0, step * pad->height() / 40));
        QTest::qWait(4);
    }
    QVERIFY(QTest::qWaitFor([&] { return shown.workspace.result() != blank && isCurrent(shown.workspace); }, patience));
    QVERIFY(digits->drawPage()->pad()->strokes().front().points.size() > 15); // still under the pen
    const auto live = shown.workspace.result();
    QVERIFY(*live->picture != *blank->picture);
    QVERIFY(!shown.window.comparePage()->heatmaps()->values().leftValue.floats().empty());
    QVERIFY(!std::ranges::equal(shown.window.comparePage()->heatmaps()->values().leftValue.floats(), before.floats()));
    auto* answers = digits->drawPage()->findChild<widgets::Answers*>();
    QCOMPARE(answers->answer(0).first, QString::number(*live->report.outputs.front().argmaxLeft.front()));
    shown.release(top + QPoint(0, pad->height() / 2));
    QVERIFY(shown.settle());
    QCOMPARE(shown.workspace.choices().input.strokes.size(), std::size_t{1});
    QCOMPARE(shown.window.verdict()->state(), Verdict::TiesOut);
    shown.key(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(shown.settle());
    QVERIFY(pad->strokes().empty());
    QVERIFY(*shown.workspace.result()->picture == *blank->picture);
}

void TestWindowEdits::toleranceTurnsTheVerdict()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    QComboBox* box = toleranceBox(shown.window);
    QCOMPARE(box->currentText(), QStringLiteral("1e-5"));
    shown.type(box->lineEdit(), QStringLiteral("1e-12"));
    QVERIFY(shown.settle());
    QCOMPARE(shown.window.verdict()->state(), Verdict::Differs);
    shown.type(box->lineEdit(), QStringLiteral("abc"));
    QCOMPARE(shown.workspace.choices().tolerance, 1e-12);
    shown.type(box->lineEdit(), QStringLiteral("1e-4"));
    QVERIFY(shown.settle());
    QCOMPARE(shown.window.verdict()->state(), Verdict::TiesOut);
    QVERIFY2(shown.verdict().contains(QStringLiteral("1e-4")), qPrintable(shown.verdict()));
    shown.window.actions().undo->trigger();
    QVERIFY(shown.settle());
    QCOMPARE(box->currentText(), QStringLiteral("1e-5"));
}

void TestWindowEdits::goesThroughDifferences()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair("lenet5_keras.h5"));
    auto* page = shown.window.comparePage();
    QCOMPARE(page->chosenLayer(), QStringLiteral("conv2d"));
    shown.key(Qt::Key_F8);
    QCOMPARE(page->chosenLayer(), QStringLiteral("average_pooling2d"));
    shown.key(Qt::Key_F8);
    QCOMPARE(page->chosenLayer(), QStringLiteral("conv2d_1"));
    QCOMPARE(page->chart()->selected(), 2);
    QCOMPARE(shown.tree(Side::Left)->marked(), (QSet<QString>{QStringLiteral("3"), QStringLiteral("4")}));
    shown.key(Qt::Key_F8, Qt::ShiftModifier);
    QCOMPARE(page->chosenLayer(), QStringLiteral("average_pooling2d"));
    shown.click(shown.window.verdict());
    QCOMPARE(page->chosenLayer(), QStringLiteral("conv2d"));
}

void TestWindowEdits::choosesABar()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    auto* page = shown.window.comparePage();
    shown.click(page->chart()->canvas(), barAt(page->chart()->canvas(), 6));
    QCOMPARE(page->chosenLayer(), QStringLiteral("dense"));
    QCOMPARE(shown.tree(Side::Right)->currentLayer(), QStringLiteral("dense"));
    QVERIFY(page->heatmaps()->showsStrips());
    page->chart()->setFocus();
    shown.key(Qt::Key_Right);
    QCOMPARE(page->chosenLayer(), QStringLiteral("dense_1"));
}

QTEST_MAIN(TestWindowEdits)
#include "tst_windowedits.moc"
