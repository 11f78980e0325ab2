// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/digits/digits.h"

#include <QElapsedTimer>
#include <QTest>

#include <cmath>
#include <numeric>

using namespace core::digits;

class TestRaster : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void drawsADotOfTheBrushsArea()
    {
        const Picture picture = rasterised({{{{14, 14}}, 6.0, false}});
        const float ink = std::accumulate(picture.begin(), picture.end(), 0.0f) / 255.0f;
        QVERIFY(std::abs(ink - 28.27f) < 0.8f);
        QCOMPARE(picture[13 * 28 + 13], 255.0f);
        QCOMPARE(picture[0], 0.0f);
    }

    void isSymmetric()
    {
        const Picture picture = rasterised({{{{4, 14}, {24, 14}}, 2.2, false}});
        for (std::size_t x = 0; x < 28; ++x)
            QCOMPARE(picture[13 * 28 + x], picture[14 * 28 + 27 - x]);
        QVERIFY(picture[13 * 28 + 14] > 250);
        QCOMPARE(picture[10 * 28 + 14], 0.0f);
    }

    void antialiasesTheEdge()
    {
        const Picture picture = rasterised({{{{4, 14.25}, {24, 14.25}}, 2, false}});
        QVERIFY(std::abs(picture[12 * 28 + 14] - 0.0f) < 1.0f);
        QVERIFY(std::abs(picture[13 * 28 + 14] - 0.75f * 255) < 1.0f);
        QVERIFY(std::abs(picture[15 * 28 + 14] - 0.25f * 255) < 1.0f);
    }

    void doesNotAddUpWhereAStrokeCrossesItself()
    {
        const std::vector<Point> once{{5, 14.4}, {20, 14.4}}, twice{{5, 14.4}, {20, 14.4}, {5, 14.4}};
        QCOMPARE(rasterised({{once, 2.2, false}}), rasterised({{twice, 2.2, false}}));
    }

    void erasesAndDrawsOver()
    {
        const Stroke ink{{{4, 14}, {24, 14}}, 4, false}, rubber{{{14, 2}, {14, 26}}, 4, true};
        const Picture erased = rasterised({ink, rubber});
        QCOMPARE(erased[14 * 28 + 14], 0.0f);
        QVERIFY(erased[14 * 28 + 8] > 250);
        QVERIFY(rasterised({ink, rubber, ink})[14 * 28 + 14] > 250);
    }

    void survivesPointsFarOutside()
    {
        const Picture picture = rasterised({{{{-1e9, -1e9}, {1e9, 1e9}}, 2.2, false}});
        QVERIFY(picture[14 * 28 + 14] > 100);
        QCOMPARE(rasterised({{{{500, 500}}, 2.2, false}}), Picture{});
        QCOMPARE(rasterised({{{}, 2.2, false}}), Picture{});
    }

    void isFast()
    {
        Stroke stroke;
        for (int i = 0; i < 400; ++i)
            stroke.points.push_back({14 + 9 * std::cos(i * 0.05), 14 + 9 * std::sin(i * 0.05)});
        QElapsedTimer timer;
        timer.start();
        float sum = 0;
        for (int i = 0; i < 20; ++i)
            sum += rasterised({stroke})[14];
        const double milliseconds = static_cast<double>(timer.nsecsElapsed()) / 20e6;
        QVERIFY2(milliseconds < 5, qPrintable(QString("a drawing of 400 points took %1 ms, %2").arg(milliseconds).arg(sum)));
    }
};

QTEST_GUILESS_MAIN(TestRaster)
#include "tst_raster.moc"
