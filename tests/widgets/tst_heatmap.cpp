// SPDX-License-Identifier: GPL-3.0-or-later
#include "placed.h"
#include "widgets/heatmap/heatmappanel.h"
#include "widgets/heatmap/heatmapview.h"
#include "widgets/heatmap/hovertip.h"
#include "widgets/heatmap/stripview.h"
#include "widgets/theme/theme.h"

#include <QAction>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <cmath>
#include <limits>
#include <numeric>

using namespace widgets;

namespace {

HeatmapValues pairOf(const core::Tensor& left, const core::Tensor& right)
{
    HeatmapValues values;
    const auto names = sideNames(core::Framework::Torch, core::Framework::Keras);
    values.layer = QStringLiteral("conv2d");
    values.left = names[0];
    values.right = names[1];
    values.leftValue = left;
    values.rightValue = right;
    return values;
}

void hover(HeatmapView* view, const Cell& cell)
{
    QTest::mouseMove(view, QPoint(1, 1));
    QTest::mouseMove(view, view->pointOf(cell).toPoint());
}

}

class TestHeatmap : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_theme = std::make_unique<Theme>();
        m_theme->setChoice(Theme::Choice::Light);
    }
    void cleanupTestCase() { m_theme.reset(); }

    void notFiniteIsHatchedOnTheScreen()
    {
        HeatmapPanel panel;
        panel.resize(983, 234);
        std::vector<float> values(28 * 28, 0.5F);
        values[0] = 0;
        values[14 * 28 + 14] = std::numeric_limits<float>::infinity();
        panel.setValues(pairOf(core::Tensor::fromFloats({1, 1, 28, 28}, values, core::axesOf("NCHW")), {}));
        panel.show();
        const QPoint middle = panel.view(0)->pointOf({0, 14, 14}).toPoint();
        const QImage shown = panel.view(0)->grab(QRect(middle - QPoint(2, 2), QSize(5, 5))).toImage();
        int pink = 0, dark = 0;
        for (int y = 0; y < shown.height(); ++y)
            for (int x = 0; x < shown.width(); ++x) {
                const QColor colour = shown.pixelColor(x, y);
                pink += colour == QColor(0xff, 0, 0xc8);
                dark += colour.red() < 0x90 && colour.green() < 0x20 && colour.blue() < 0x80;
            }
        QVERIFY2(pink > 0 && dark > 0, qPrintable(QStringLiteral("%1 pink, %2 dark").arg(pink).arg(dark)));
    }

    void onePixelOnAllThreePanesAndOneTip()
    {
        QWidget window;
        HeatmapPanel panel(&window);
        window.resize(1000, 400);
        panel.setGeometry(0, 100, 983, 234);
        panel.setValues(pairOf(placed(6, 28, 28, false), placed(6, 28, 28, false, 0.25F)));
        window.show();
        hover(panel.view(2), {3, 7, 9});
        QVERIFY((panel.state()->hovered() == Cell{3, 7, 9}));
        QVERIFY(panel.tip() && panel.tip()->isVisible());
        QCOMPARE(panel.tip()->title(), QStringLiteral("channel 3, y 7, x 9"));
        const auto rows = panel.tip()->rows();
        QCOMPARE(rows.size(), std::size_t{3});
        QCOMPARE(rows[0], (std::pair<QString, QString>{"torch", "379.000000"}));
        QCOMPARE(rows[1], (std::pair<QString, QString>{"keras", "379.250000"}));
        QCOMPARE(rows[2], (std::pair<QString, QString>{"d", "-0.250000"}));
        QVERIFY(window.rect().contains(panel.tip()->geometry()));
        panel.state()->setHovered({});
        QVERIFY(!panel.tip()->isVisible());
    }

    void keysChangeTheView()
    {
        HeatmapPanel panel;
        panel.resize(983, 234);
        panel.setValues(pairOf(placed(6, 28, 28, false), placed(6, 28, 28, false, 1e-7F)));
        panel.show();
        QVERIFY(QTest::qWaitForWindowActive(&panel));
        panel.setFocus();
        const auto scale = [&] { return panel.view(2)->content().range.high; };
        QCOMPARE(scale(), std::max(1e-5, scale()));
        QTest::keyClick(&panel, Qt::Key_Plus);
        QCOMPARE(panel.state()->exposure(), 1);
        QTest::keyClick(&panel, Qt::Key_Minus);
        QTest::keyClick(&panel, Qt::Key_Minus);
        QCOMPARE(panel.state()->exposure(), -1);
        QTest::keyClick(&panel, Qt::Key_N);
        QVERIFY(panel.state()->isFitted());
        QTest::keyClick(&panel, Qt::Key_R);
        QCOMPARE(panel.state()->exposure(), 0);
        QVERIFY(!panel.state()->isFitted());
        QTest::keyPress(&panel, Qt::Key_Space);
        QCOMPARE(panel.view(0)->content().title, QStringLiteral("Keras"));
        QTest::keyRelease(&panel, Qt::Key_Space);
        QCOMPARE(panel.view(0)->content().title, QStringLiteral("PyTorch"));
    }

    void differenceScaleIsTheToleranceOrMore()
    {
        HeatmapPanel panel;
        const auto zeros = core::Tensor::fromFloats({1, 1, 2, 2}, std::vector<float>(4), core::axesOf("NCHW"));
        const auto scale = [&](float difference) {
            panel.setValues(
                pairOf(core::Tensor::fromFloats({1, 1, 2, 2}, std::vector<float>{difference, 0, 0, 0}, core::axesOf("NCHW")), zeros));
            return panel.view(2)->content().range.high;
        };
        QCOMPARE(scale(1e-7F), 1e-5);
        QVERIFY(panel.view(2)->content().detail.contains(QStringLiteral("± tolerance")));
        QCOMPARE(scale(0.5F), 0.5);
        QVERIFY(panel.view(2)->content().detail.contains(QStringLiteral("max 0.50")));
        panel.state()->setFitted(true);
        QCOMPARE(scale(0.25F), 0.25);
        QCOMPARE(panel.view(2)->content().range.low, -0.25);
    }

    void wheelZoomsAllAndDraggingScrolls()
    {
        HeatmapPanel panel;
        panel.resize(983, 234);
        panel.setValues(pairOf(placed(16, 28, 28, false), placed(16, 28, 28, false)));
        panel.show();
        auto* view = panel.view(1);
        const int before = view->layoutNow().zoom;
        const QPointF over = view->pointOf({0, 3, 3});
        for (int i = 0; i < 4; ++i) {
            QWheelEvent wheel(over, view->mapToGlobal(over), {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
            QApplication::sendEvent(view, &wheel);
        }
        QCOMPARE(panel.view(0)->layoutNow().zoom, before + 4);
        QCOMPARE(panel.view(2)->layoutNow().zoom, before + 4);
        const QPointF pan = panel.state()->pan();
        QTest::mousePress(view, Qt::LeftButton, {}, QPoint(100, 150));
        QTest::mouseMove(view, QPoint(100, 90));
        QTest::mouseRelease(view, Qt::LeftButton, {}, QPoint(100, 90));
        QCOMPARE(panel.state()->pan().y(), pan.y() + 60);
    }

    void denseLayersAreStrips()
    {
        HeatmapPanel panel;
        panel.resize(983, 234);
        std::vector<float> values(84);
        std::iota(values.begin(), values.end(), 0.0F);
        const auto units = core::Tensor::fromFloats({1, 84}, values, core::axesOf("NF"));
        panel.setValues(pairOf(units, units));
        panel.show();
        QVERIFY(panel.showsStrips());
        QVERIFY(panel.strips()->isVisible() && !panel.view(0)->isVisible());
        QTest::mouseMove(panel.strips(), QPoint(1, 1));
        QTest::mouseMove(panel.strips(), panel.strips()->pointOf(30, 1).toPoint());
        QCOMPARE(panel.tip()->title(), QStringLiteral("unit 30"));
        QCOMPARE(panel.tip()->rows()[1].second, QStringLiteral("30.000000"));
        panel.setValues(pairOf(placed(2, 4, 4, false), placed(2, 4, 4, false)));
        QVERIFY(!panel.strips()->isVisible() && panel.view(0)->isVisible());
    }

    void oneSideAloneIsShown()
    {
        HeatmapPanel panel;
        auto values = pairOf(placed(2, 4, 4, false), {});
        values.rightProblem = QStringLiteral("waits for a Keras file");
        panel.resize(983, 234);
        panel.setValues(values);
        panel.show();
        QVERIFY(!panel.view(0)->content().maps.isEmpty());
        QVERIFY(panel.view(1)->content().maps.isEmpty());
        QVERIFY(panel.view(2)->content().maps.isEmpty());
        hover(panel.view(0), {1, 2, 3});
        QCOMPARE(panel.tip()->rows().size(), std::size_t{2});
        QCOMPARE(panel.tip()->rows()[1].second, QStringLiteral("–"));
    }

    void picturesAndValuesLeaveThePanel()
    {
        HeatmapPanel panel;
        panel.resize(600, 200);
        panel.setValues(pairOf(placed(2, 2, 2, false), placed(2, 2, 2, false, 1)));
        panel.show();
        QCOMPARE(panel.picture(2).size(), QSize(1200, 400));
        m_theme->setChoice(Theme::Choice::Dark);
        QCOMPARE(panel.picture(1).pixelColor(1, 1), QColor(Qt::white));
        m_theme->setChoice(Theme::Choice::Light);
        const QStringList lines = panel.valuesAsText().split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 9);
        QCOMPARE(lines.first(), QStringLiteral("channel\ty\tx\ttorch\tkeras\td"));
        QCOMPARE(lines.last(), QStringLiteral("1\t1\t1\t111\t112\t-1"));
        QSignalSpy wanted(&panel, &HeatmapPanel::saveRequested);
        panel.actions().save->trigger();
        QCOMPARE(wanted.count(), 1);
    }

    void repaintIsQuick()
    {
        HeatmapPanel panel;
        panel.resize(983, 234);
        const auto values = pairOf(placed(16, 10, 10, false), placed(16, 10, 10, false, 1));
        QImage target(panel.size(), QImage::Format_RGB32);
        panel.show();
        qint64 best = std::numeric_limits<qint64>::max();
        for (int i = 0; i < 20; ++i) {
            QElapsedTimer timer;
            timer.start();
            panel.setValues(values);
            panel.render(&target);
            best = std::min(best, timer.nsecsElapsed());
        }
        qInfo("16 tiles in three panes set and drawn: %.2f ms", static_cast<double>(best) / 1e6);
#ifndef TIEOUT_SANITIZED
        QVERIFY(best < 16'700'000);
#endif
    }

private:
    std::unique_ptr<Theme> m_theme;
};

QTEST_MAIN(TestHeatmap)
#include "tst_heatmap.moc"
