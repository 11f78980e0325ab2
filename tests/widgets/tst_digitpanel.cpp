// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/digit/digitgrid.h"
#include "widgets/digit/digitpages.h"
#include "widgets/digit/digitpanel.h"
#include "widgets/digit/inputpage.h"
#include "widgets/digit/preprocessedit.h"
#include "widgets/digit/receivedview.h"
#include "widgets/digit/valuesview.h"
#include "widgets/theme/segmentedswitch.h"
#include "widgets/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QActionGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QElapsedTimer>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

#include <limits>

using namespace widgets;

namespace {

/// Digit n is all n % 251, labelled n % 10.
std::shared_ptr<const core::digits::DigitSet> digits(int count)
{
    auto set = std::make_shared<core::digits::DigitSet>();
    for (int n = 0; n < count; ++n) {
        set->pixels.insert(set->pixels.end(), 784, static_cast<std::uint8_t>(n % 251));
        set->labels.push_back(static_cast<std::uint8_t>(n % 10));
    }
    return set;
}

void drawStroke(DrawingPad* pad, const std::vector<QPoint>& points)
{
    QTest::mousePress(pad, Qt::LeftButton, {}, points.front());
    for (const QPoint& point : points)
        QTest::mouseMove(pad, point);
    QTest::mouseRelease(pad, Qt::LeftButton, {}, points.back());
}

}

class TestDigitPanel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        qRegisterMetaType<DrawingPad::Strokes>();
        m_theme = std::make_unique<Theme>();
        m_theme->setChoice(Theme::Choice::Light);
    }
    void cleanupTestCase() { m_theme.reset(); }

    void noiseTakesThePlaceOfTheDigits()
    {
        DigitPanel panel;
        panel.setSides(core::Framework::Torch, core::Framework::Keras);
        panel.setDigits(nullptr, digits(3));
        panel.resize(296, 500);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        GivenInput given;
        given.title = QStringLiteral("noise of shape [3]");
        given.seed = 4;
        const std::vector<float> values{-1, 0.5F, 2};
        given.values[0] = core::Tensor::fromFloats({1, 3}, values, core::axesOf("NC"));
        given.problems[1] = QStringLiteral("cannot run");
        panel.setGiven(given);
        QVERIFY(!panel.showsDigits() && !panel.testPage()->isVisible() && !panel.numberBox()->isVisible());
        QCOMPARE(panel.inputPage()->title(), given.title);
        QCOMPARE(panel.inputPage()->seedBox()->value(), 4);
        QVERIFY2(panel.inputPage()->values(0)->caption().startsWith(QStringLiteral("[3]")),
                 qPrintable(panel.inputPage()->values(0)->caption()));
        QVERIFY(panel.inputPage()->values(1)->caption().isEmpty());
        QVERIFY(panel.inputPage()->values(1)->accessibleName().contains(QStringLiteral("cannot run")));
        QSignalSpy seeds(&panel, &DigitPanel::seedChosen);
        panel.inputPage()->seedBox()->setValue(9);
        QCOMPARE(seeds.count(), 1);
        QCOMPARE(seeds[0][0].toInt(), 9);
        panel.setTakesDigit();
        QVERIFY(panel.showsDigits() && panel.testPage()->isVisible() && panel.numberBox()->isVisible());
    }

    void chosenDigitLeavesNothingBehind()
    {
        DigitGrid grid;
        grid.setDigits(digits(12));
        grid.resize(200, 100);
        grid.show();
        QVERIFY(QTest::qWaitForWindowExposed(&grid));
        for (int i = 0; i < 12; ++i) {
            grid.setCurrentDigit(i);
            QCoreApplication::processEvents();
        }
        grid.setCurrentDigit(0);
        QCoreApplication::processEvents();
        const QImage stepped = grid.grab().toImage();
        grid.viewport()->update();
        QCoreApplication::processEvents();
        const QRect chosen = grid.visualRect(grid.currentIndex()).translated(grid.viewport()->pos());
        const QColor blue = lightColours().blue;
        for (int y = 0; y < stepped.height(); ++y)
            for (int x = 0; x < stepped.width(); ++x)
                if (stepped.pixelColor(x, y) == blue)
                    QVERIFY2(chosen.contains(x, y), qPrintable(QStringLiteral("%1, %2").arg(x).arg(y)));
    }

    void modelFiltersByLabel()
    {
        DigitModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        model.setDigits(digits(25));
        QCOMPARE(model.rowCount(), 25);
        model.setLabel(3);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.numberAt(2), 23);
        QCOMPARE(model.rowOf(13), 1);
        QCOMPARE(model.rowOf(12), -1);
        QCOMPARE(model.index(1).data(DigitModel::LabelRole).toInt(), 3);
        QCOMPARE(model.index(1).data(Qt::AccessibleTextRole).toString(), QStringLiteral("digit 13, label 3"));
        const auto image = model.index(1).data(Qt::DecorationRole).value<QImage>();
        QCOMPARE(image.size(), QSize(28, 28));
        QCOMPARE(qGray(image.pixel(5, 5)), 13);
        model.setLabel({});
        QCOMPARE(model.rowCount(), 25);
    }

    void tenThousandScrollWithoutAHitch()
    {
        DigitGrid grid;
        grid.resize(276, 180);
        QImage target(grid.size(), QImage::Format_RGB32);
        const auto many = digits(10000);
        grid.show();
        QVERIFY(QTest::qWaitForWindowExposed(&grid));
        QElapsedTimer timer;
        timer.start();
        grid.setDigits(many);
        QTRY_VERIFY_WITH_TIMEOUT(grid.verticalScrollBar()->maximum() > 29 * 10000 / 10 - 400, 2000);
        grid.viewport()->render(&target);
        qInfo("laid out and drawn first: %.2f ms", static_cast<double>(timer.nsecsElapsed()) / 1e6);
        qint64 best = std::numeric_limits<qint64>::max();
        for (int i = 0; i < 20; ++i) {
            timer.start();
            grid.verticalScrollBar()->setValue(i * 1000);
            grid.viewport()->render(&target);
            best = std::min(best, timer.nsecsElapsed());
        }
        qInfo("a screenful of thumbnails: %.2f ms", static_cast<double>(best) / 1e6);
        QVERIFY(qGray(target.pixel(14, 14)) > 0);
#ifndef TIEOUT_SANITIZED
        QVERIFY(best < 16'700'000);
#endif
    }

    void clickChoosesADigit()
    {
        DigitPanel panel;
        panel.resize(296, 700);
        panel.setDigits(digits(100), digits(20));
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        QSignalSpy chosen(&panel, &DigitPanel::digitChosen);
        auto* grid = panel.testPage()->grid();
        QTest::mouseClick(grid->viewport(), Qt::LeftButton, {}, grid->visualRect(grid->model()->index(5, 0)).center());
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].toInt(), 5);
        QCOMPARE(chosen[0][1].toBool(), false);
        QCOMPARE(panel.numberBox()->value(), 5);
        panel.numberBox()->stepUp();
        QCOMPARE(chosen.count(), 2);
        QCOMPARE(grid->currentDigit(), 6);
        panel.setDigit(42, false);
        QCOMPARE(chosen.count(), 2);
        QCOMPARE(panel.digit(), 42);
    }

    void filterShowsOneLabel()
    {
        DigitPanel panel;
        panel.setDigits(digits(100), digits(20));
        auto* filter = panel.testPage()->filter();
        QCOMPARE(filter->count(), 12);
        filter->setCurrentIndex(filter->findData(7));
        Q_EMIT filter->activated(filter->currentIndex());
        QCOMPARE(panel.testPage()->grid()->digitModel()->rowCount(), 10);
        QSignalSpy chosen(&panel, &DigitPanel::digitChosen);
        filter->setCurrentIndex(filter->findText(QStringLiteral("sample"), Qt::MatchContains));
        Q_EMIT filter->activated(filter->currentIndex());
        QVERIFY(panel.showsSamples());
        QCOMPARE(panel.testPage()->grid()->digitModel()->rowCount(), 20);
        QCOMPARE(panel.numberBox()->maximum(), 19);
        QCOMPARE(chosen.count(), 1);
        QVERIFY(chosen[0][1].toBool());
    }

    void withoutATestSetTheSamplesAndAWayToIt()
    {
        DigitPanel panel;
        panel.resize(296, 700);
        panel.setDigits(nullptr, digits(20));
        panel.show();
        QVERIFY(panel.showsSamples());
        QCOMPARE(panel.testPage()->grid()->digitModel()->rowCount(), 20);
        QSignalSpy wanted(&panel, &DigitPanel::folderWanted);
        auto* button = panel.testPage()->findChild<QPushButton*>();
        QVERIFY(button->isVisible());
        button->click();
        QCOMPARE(wanted.count(), 1);
        panel.setDigits(digits(100), digits(20));
        QVERIFY(!button->isVisible());
    }

    void drawingFollowsThePen()
    {
        DigitPanel panel;
        panel.resize(296, 760);
        panel.setDrawing(true);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        auto* pad = panel.drawPage()->pad();
        QCOMPARE(pad->width(), 280);
        QSignalSpy changed(&panel, &DigitPanel::drawingChanged);
        drawStroke(pad, {{100, 60}, {140, 120}, {140, 200}});
        QVERIFY(changed.count() >= 4);
        QVERIFY(!changed[1][1].toBool());
        QVERIFY(changed.last()[1].toBool());
        QCOMPARE(pad->strokes().size(), std::size_t{1});
        QCOMPARE(pad->strokes()[0].width, 2.2);
        QCOMPARE(pad->strokes()[0].points.back().x, 14.0);
        QCOMPARE(pad->strokes()[0].points.back().y, 20.0);
        const QImage shown = pad->grab().toImage();
        QCOMPARE(shown.pixelColor(140, 160), QColor(Qt::white));
        QCOMPARE(shown.pixelColor(20, 160), QColor(Qt::black));
    }

    void padErasesUndoesAndClears()
    {
        DrawingPad pad;
        pad.resize(280, 280);
        pad.show();
        drawStroke(&pad, {{60, 140}, {220, 140}});
        QTest::keyClick(&pad, Qt::Key_E);
        QVERIFY(pad.isErasing());
        drawStroke(&pad, {{140, 100}, {140, 180}});
        QVERIFY(pad.strokes()[1].erase);
        QCOMPARE(pad.grab().toImage().pixelColor(140, 140).lightness() > 200, false);
        QTest::keyClick(&pad, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(pad.strokes().size(), std::size_t{1});
        QTest::keyClick(&pad, Qt::Key_B);
        QVERIFY(!pad.isErasing());
        const double brush = pad.brush();
        QTest::keyClick(&pad, Qt::Key_BracketRight);
        QVERIFY(pad.brush() > brush);
        QTest::keyClick(&pad, Qt::Key_Delete);
        QVERIFY(pad.strokes().empty());
        QCOMPARE(pad.grab().toImage().pixelColor(100, 140), QColor(Qt::black));
        QSignalSpy changed(&pad, &DrawingPad::drawingChanged);
        pad.undo();
        QCOMPARE(changed.count(), 0);
        pad.setStrokes({{{{5, 5}, {20, 20}}, 2.2, false}});
        QCOMPARE(changed.count(), 0);
        QCOMPARE(pad.grab().toImage().pixelColor(120, 120), QColor(Qt::white));
    }

    void eachSideHasItsOwnPreprocessing()
    {
        using core::digits::Preprocess;
        using core::digits::Scale;
        DigitPanel panel;
        QList<std::pair<Preprocess, Preprocess>> told;
        connect(&panel, &DigitPanel::preprocessChanged, this, [&](const Preprocess& left, const Preprocess& right) {
            told.append({left, right});
        });
        Preprocess standard;
        standard.scale = Scale::Standard;
        standard.mean = 0.5;
        panel.setPreprocess(standard, {});
        QVERIFY(told.isEmpty());
        QVERIFY(panel.drawPage()->preprocessEdit(0)->preprocess() == standard);
        for (auto* box : panel.drawPage()->preprocessEdit(1)->findChildren<QCheckBox*>())
            if (box->text() == QStringLiteral("Invert"))
                box->click();
        QCOMPARE(told.size(), 1);
        QVERIFY(told[0].first == standard);
        QVERIFY(told[0].second.invert && !told[0].second.center && told[0].second.scale == Scale::Unit);
    }

    void showsWhatEachSideReceives()
    {
        std::vector<float> values(784, -1.0F);
        values[28] = 1.0F;
        ReceivedView view;
        view.resize(view.sizeHint());
        view.setReceived({core::Framework::Keras, QStringLiteral("Keras"), QStringLiteral("keras")},
                         core::Tensor::fromFloats({1, 28, 28, 1}, values, core::axesOf("NHWC")));
        QCOMPARE(view.rangeText(), QStringLiteral("-1 … 1"));
        const QImage shown = view.grab().toImage();
        QCOMPARE(shown.pixelColor(1 + 1, 21 + 3 + 1), QColor(Qt::white)); // second row, first value, three times enlarged
        QCOMPARE(shown.pixelColor(1 + 1, 21 + 1), QColor(Qt::black));
    }

    void answersInPercent()
    {
        DigitOutputs outputs;
        outputs.left = {0.001F, 0.999F};
        outputs.rightProblem = QStringLiteral("no model");
        Answers answers(Answers::Form::Rows);
        answers.setOutputs(sideNames(core::Framework::Torch, core::Framework::None), outputs);
        QCOMPARE(answers.answer(0), (std::pair<QString, QString>{"1", "99.90 %"}));
        QCOMPARE(answers.answer(1), (std::pair<QString, QString>{"", "no model"}));
        QCOMPARE(answers.accessibleName(), QStringLiteral("PyTorch 1 99.90 %, Keras  no model"));
    }

    void switchTellsItsMode()
    {
        DigitPanel panel;
        QSignalSpy changed(&panel, &DigitPanel::modeChanged);
        panel.setDrawing(true);
        QCOMPARE(changed.count(), 0);
        QVERIFY(panel.isDrawing());
        panel.modeSwitch()->group()->actions().first()->trigger();
        QCOMPARE(changed.count(), 1);
        QVERIFY(!panel.isDrawing());
    }

private:
    std::unique_ptr<Theme> m_theme;
};

QTEST_MAIN(TestDigitPanel)
#include "tst_digitpanel.moc"
