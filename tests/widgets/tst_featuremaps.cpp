// SPDX-License-Identifier: GPL-3.0-or-later
#include "placed.h"
#include "widgets/heatmap/mapimage.h"
#include "widgets/heatmap/tilelayout.h"

#include <QTest>

#include <array>
#include <cmath>
#include <limits>
#include <numeric>

using namespace widgets;

class TestFeatureMaps : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bothLayoutsShowTheSamePictures()
    {
        const auto first = featureMaps(placed(3, 4, 5, false)), last = featureMaps(placed(3, 4, 5, true));
        QCOMPARE(first.channels, 3);
        QCOMPARE(first.height, 4);
        QCOMPARE(first.width, 5);
        QVERIFY(first.values == last.values);
        QCOMPARE(last.at(2, 3, 4), 234.0F);
    }

    void rowsOfUnits_data()
    {
        QTest::addColumn<core::Shape>("shape");
        QTest::addColumn<core::Axes>("axes");
        QTest::newRow("dense") << core::Shape{1, 7} << core::axesOf("NF");
        QTest::newRow("dense, unlabelled") << core::Shape{1, 7} << core::Axes{};
        QTest::newRow("maps of one pixel, torch") << core::Shape{1, 7, 1, 1} << core::axesOf("NCHW");
        QTest::newRow("maps of one pixel, keras") << core::Shape{1, 1, 1, 7} << core::axesOf("NHWC");
        QTest::newRow("flattened") << core::Shape{1, 7} << core::Axes{{"N", {}}, core::flattened(core::axesOf("CHW"), {7, 1, 1})};
    }
    void rowsOfUnits()
    {
        QFETCH(core::Shape, shape);
        QFETCH(core::Axes, axes);
        std::vector<float> values(7);
        std::iota(values.begin(), values.end(), 0.0F);
        const auto maps = featureMaps(core::Tensor::fromFloats(shape, values, axes));
        QVERIFY(maps.isStrip());
        QCOMPARE(maps.channels, 7);
        QCOMPARE(maps.at(6, 0, 0), 6.0F);
    }

    void batchShowsItsFirstSample()
    {
        const std::vector<float> values = {1, 2, 3, 4};
        const auto maps = featureMaps(core::Tensor::fromFloats({2, 2}, values, core::axesOf("NF")));
        QVERIFY((maps.values == std::vector<float>{1, 2}));
    }

    void largestTellsNanFromInfinity()
    {
        constexpr float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
        QCOMPARE(largest(std::array{1.0F, -3.0F}), 3.0);
        QVERIFY(std::isinf(largest(std::array{1.0F, -infinity})));
        QVERIFY(std::isnan(largest(std::array{-infinity, nan, 2.0F})));
    }

    void largestZoomThatFits()
    {
        // The design's own measures: six 28 x 28 tiles three times, sixteen 10 x 10 tiles four times enlarged.
        const auto six = tileLayout(featureMaps(placed(6, 28, 28, false)), QSizeF(272, 206), 0, 1);
        QCOMPARE(six.zoom, 3);
        QCOMPARE(six.columns, 3);
        QCOMPARE(six.pitch, QSizeF(92, 103));
        const auto sixteen = tileLayout(featureMaps(placed(16, 10, 10, false)), QSizeF(272, 206), 0, 1);
        QCOMPARE(sixteen.zoom, 4);
        QCOMPARE(sixteen.columns, 6);
        QCOMPARE(tileLayout(featureMaps(placed(6, 28, 28, false)), QSizeF(272, 206), 0, 2).zoom, 6);
    }

    void cellsAreFoundWhereTheyAreDrawn()
    {
        const auto layout = tileLayout(featureMaps(placed(6, 28, 28, false)), QSizeF(272, 206), 0, 1);
        for (const Cell cell : {Cell{0, 0, 0}, Cell{3, 7, 9}, Cell{5, 27, 27}})
            QVERIFY(layout.cellAt(layout.cellRect(cell).center()) == cell);
        QVERIFY(!layout.cellAt(layout.tileRect(0).topRight() + QPointF(2, 3)));
        QVERIFY(!layout.cellAt(QPointF(5, 5))); // the number above a tile
    }

    void pixelsHaveTheColoursOfTheirValues()
    {
        auto maps = featureMaps(placed(2, 2, 2, false));
        maps.values[1] = std::numeric_limits<float>::quiet_NaN();
        const QImage image = mapImage(maps, core::report::ColorMap::Values, {0, 111});
        QCOMPARE(image.size(), QSize(2, 4));
        QCOMPARE(QColor(image.pixel(0, 0)).name(), QStringLiteral("#440154"));
        QCOMPARE(QColor(image.pixel(1, 3)).name(), QStringLiteral("#fde725"));
        QCOMPARE(QColor(image.pixel(1, 0)).name(), QStringLiteral("#ff00c8"));
    }
};

QTEST_GUILESS_MAIN(TestFeatureMaps)
#include "tst_featuremaps.moc"
