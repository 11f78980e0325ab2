// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/chartlegend.h"
#include "widgets/plots/errorchart.h"
#include "widgets/plots/histogramplot.h"
#include "widgets/plots/outputbars.h"
#include "widgets/plots/plotcanvas.h"
#include "widgets/theme/theme.h"

#include <QLabel>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <limits>

using namespace widgets;

namespace {

std::vector<LayerError> errors(const std::vector<double>& values, double tolerance)
{
    std::vector<LayerError> result;
    for (std::size_t i = 0; i < values.size(); ++i)
        result.push_back({QStringLiteral("layer%1").arg(i), values[i], {}, !(values[i] <= tolerance)});
    return result;
}

int pixelsOf(const QImage& image, QColor colour)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y) == colour;
    return count;
}

/// The colours of a chart's words.
QList<QColor> shownInk(const QWidget& chart)
{
    QList<QColor> inks;
    for (const auto* label : chart.findChildren<QLabel*>())
        if (!label->text().isEmpty())
            inks << label->palette().color(QPalette::WindowText);
    return inks;
}

}

Q_DECLARE_METATYPE(std::vector<widgets::LayerError>)

class TestPlots : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_theme = std::make_unique<Theme>();
        m_theme->setChoice(Theme::Choice::Light);
    }
    void cleanupTestCase() { m_theme.reset(); }

    void saysWhatItIsTold()
    {
        ErrorChart chart;
        using Tone = ChartHeadline::Tone;
        chart.setErrors(errors({1.8e-7, 3.8e-7}, 1e-5), 1e-5, {Tone::Unsure, QStringLiteral("Not compared"), QStringLiteral("why")});
        QCOMPARE(chart.accessibleDescription(), QStringLiteral("Not compared why"));
        QVERIFY(shownInk(chart).contains(lightColours().amber));
        QVERIFY(!shownInk(chart).contains(lightColours().green)); // bars below the tolerance alone make nothing green
        chart.setErrors(errors({1.8e-7, 3.8e-7}, 1e-5), 1e-5, {Tone::Good, {}, QStringLiteral("All 2 layers within 1e-5.")});
        QCOMPARE(chart.accessibleDescription(), QStringLiteral("All 2 layers within 1e-5."));
    }

    void firstThatDiffersIsFlagged_data()
    {
        QTest::addColumn<std::vector<LayerError>>("layers");
        QTest::addColumn<int>("first");
        const QString name = QStringLiteral("a");
        QTest::newRow("none") << errors({1e-7, 1e-8}, 1e-5) << -1;
        QTest::newRow("over tolerance") << errors({1e-7, 2.0, 1e-8, 0.9}, 1e-5) << 1;
        QTest::newRow("shapes without a number")
            << std::vector<LayerError>{{name, 1e-7, {}, false}, {name, {}, QStringLiteral("shapes"), true}} << 1;
        QTest::newRow("not compared is no difference") << std::vector<LayerError>{{name, {}, QStringLiteral("unknown kind"), false}} << -1;
    }

    void firstThatDiffersIsFlagged()
    {
        QFETCH(std::vector<LayerError>, layers);
        QFETCH(int, first);
        ErrorChart chart;
        chart.resize(983, 120);
        chart.setErrors(layers, 1e-5, {});
        chart.show();
        QCOMPARE(chart.firstOver(), first);
        QCOMPARE(pixelsOf(chart.canvas()->picture(1), lightColours().red) > 100, first >= 0);
    }

    void firstOverIsFilledRedAndLaterOnesAreNot()
    {
        ErrorChart chart;
        chart.resize(983, 120);
        chart.setErrors(errors({1e-7, 1e-7}, 1e-5), 1e-5, {});
        chart.show();
        const QColor red = lightColours().red;
        QCOMPARE(pixelsOf(chart.canvas()->picture(1), red), 0);
        chart.setErrors(errors({1e-7, 1.0}, 1e-5), 1e-5, {});
        const int first = pixelsOf(chart.canvas()->picture(1), red);
        chart.setErrors(errors({1.0, 1.0}, 1e-5), 1e-5, {});
        const int both = pixelsOf(chart.canvas()->picture(1), red);
        QVERIFY2(first > 28 * 40, qPrintable(QString::number(first)));
        QVERIFY2(both > first && both < first * 2 - 300, qPrintable(QStringLiteral("%1, %2").arg(first).arg(both)));
    }

    void notFiniteErrorsReachTheTop()
    {
        ErrorChart chart;
        chart.resize(983, 120);
        chart.setErrors({{QStringLiteral("a"), std::numeric_limits<double>::quiet_NaN(), {}, true}}, 1e-5, {});
        chart.show();
        QCOMPARE(chart.firstOver(), 0);
        QVERIFY(pixelsOf(chart.canvas()->picture(1), lightColours().red) > 28 * 50);
    }

    void clickChoosesAColumn()
    {
        ErrorChart chart;
        chart.resize(983, 120);
        chart.setErrors(errors({1e-7, 1e-7, 1e-7, 1e-7}, 1e-5), 1e-5, {});
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        QSignalSpy chosen(&chart, &ErrorChart::selectedByPerson);
        auto* plot = chart.canvas()->findChild<QWidget*>();
        QTest::mouseClick(plot, Qt::LeftButton, {}, QPoint(44 + (983 - 48) * 5 / 8, 40)); // the middle of the third of four
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].toInt(), 2);
        QCOMPARE(chart.selected(), 2);
        chart.setFocus();
        QTest::keyClick(&chart, Qt::Key_Right);
        QCOMPARE(chart.selected(), 3);
        QTest::keyClick(&chart, Qt::Key_Right);
        QCOMPARE(chart.selected(), 3);
        chart.setSelected(0);
        QCOMPARE(chosen.count(), 2);
    }

    void csvQuotesNames()
    {
        ErrorChart chart;
        chart.setErrors({{QStringLiteral("a\"b"), 0.5, {}, true, 0.125}, {QStringLiteral("c"), std::nullopt, {}, false}}, 0.25, {});
        QCOMPARE(chart.asCsv(),
                 QStringLiteral("layer,error,alone,tolerance,differs\n\"a\"\"b\",0.5,0.125,0.25,true\n\"c\",,,0.25,false\n"));
    }

    /// A diamond at its own height for every layer that ran alone, filled where it is over tolerance; what it is stands above.
    void layersAloneHaveAMark()
    {
        ErrorChart chart;
        chart.resize(983, 120);
        const auto inkAt = [&](double error, bool differs, std::optional<double> alone, bool aloneDiffers) {
            chart.setErrors({{QStringLiteral("a"), error, {}, differs, alone, aloneDiffers}}, 1e-5, {});
            chart.show();
            return pixelsOf(chart.canvas()->picture(1), lightColours().text);
        };
        const int without = inkAt(1.0, true, {}, false);
        QVERIFY(!chart.findChild<ChartLegend*>()->isVisibleTo(&chart));
        const int within = inkAt(1.0, true, 1e-8, false);
        QVERIFY(chart.findChild<ChartLegend*>()->isVisibleTo(&chart));
        const int over = inkAt(1.0, true, 0.5, true);
        QVERIFY2(within > without && over > within, qPrintable(QStringLiteral("%1 %2 %3").arg(without).arg(within).arg(over)));
        QVERIFY(inkAt(1.0, true, {}, true) > without); // shapes that cannot agree have no number
    }

    void outputsTellTheirValues()
    {
        OutputBars bars;
        bars.resize(272, 96);
        bars.setOutputs(sideNames(core::Framework::Torch, core::Framework::Keras), {0.25F, 0.75F}, {0.5F, 0.5F});
        QCOMPARE(bars.tipFor(1), QStringLiteral("class 1\ntorch  0.750000\nkeras  0.500000\nd  0.250000"));
        QVERIFY(bars.tipFor(2).isEmpty());
        QVERIFY(bars.tipFor(-1).isEmpty());
        QCOMPARE(argmax({}), -1);
        QCOMPARE(argmax({1, 3, 2}), 1);
        QCOMPARE(argmax({std::numeric_limits<float>::quiet_NaN(), 3, 2}), -1); // no class stands out of NaN
    }

    void outputsAreFilledAndOutlined()
    {
        OutputBars bars;
        bars.resize(272, 96);
        bars.setOutputs(sideNames(core::Framework::Torch, core::Framework::Keras), {0, 1, 0}, {0, 0, 1});
        bars.show();
        const QImage image = bars.canvas()->picture(1);
        const int torch = pixelsOf(image, lightColours().torch), keras = pixelsOf(image, lightColours().keras);
        QVERIFY2(torch > 400 && keras > 50 && torch > 2 * keras, qPrintable(QStringLiteral("%1, %2").arg(torch).arg(keras)));
    }

    void negativeOutputsHangFromZero()
    {
        OutputBars bars;
        bars.resize(272, 96);
        bars.show();
        const auto names = sideNames(core::Framework::Torch, core::Framework::Keras);
        const auto drawn = [&](std::vector<float> values) {
            bars.setOutputs(names, std::move(values), {});
            return pixelsOf(bars.canvas()->picture(1), lightColours().torch);
        };
        const int lowest = drawn({-4}), both = drawn({-4, -1});
        QVERIFY2(lowest > 200 && both > lowest, qPrintable(QStringLiteral("%1, %2").arg(lowest).arg(both)));
        QVERIFY(drawn({0.02F, -3}) > 100); // the largest of small logits does not set the scale to 1
    }

    void histogramTakesOneSideAlone()
    {
        HistogramPlot plot;
        plot.resize(272, 80);
        plot.show();
        plot.setCounts({core::Framework::Torch, core::Framework::Keras}, std::vector<std::int64_t>(HistogramPlot::bins, 3), {}, -1, 1);
        auto* canvas = plot.findChild<PlotCanvas*>();
        QCOMPARE(pixelsOf(canvas->picture(1), lightColours().keras), 0);
        plot.setCounts({core::Framework::Torch, core::Framework::Keras}, {}, std::vector<std::int64_t>(HistogramPlot::bins, 3), -1, 1);
        QVERIFY(pixelsOf(canvas->picture(2), lightColours().keras) > 100);
    }

    void darkFollowsThePalette()
    {
        ErrorChart chart;
        chart.resize(983, 120);
        chart.setErrors(errors({1e-7}, 1e-5), 1e-5, {});
        chart.show();
        m_theme->setChoice(Theme::Choice::Dark);
        QCoreApplication::processEvents();
        QVERIFY(pixelsOf(chart.canvas()->picture(1), darkColours().panel) > 10000);
        m_theme->setChoice(Theme::Choice::Light);
    }

private:
    std::unique_ptr<Theme> m_theme;
};

QTEST_MAIN(TestPlots)
#include "tst_plots.moc"
