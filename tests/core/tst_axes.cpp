// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/tensor/tensor.h"

#include <QTest>
#include <numeric>

using core::Axes;
using core::axesOf;
using core::Shape;
using core::Tensor;

namespace {

Tensor counting(const Shape& shape, const Axes& axes)
{
    std::vector<float> values(static_cast<std::size_t>(core::elementCount(shape)));
    std::iota(values.begin(), values.end(), 0.0f);
    return Tensor::fromFloats(shape, values, axes);
}

float at(const Tensor& tensor, const Shape& index)
{
    const Shape strides = core::denseStrides(tensor.shape());
    return tensor.floats()[static_cast<std::size_t>(std::inner_product(index.begin(), index.end(), strides.begin(), std::int64_t{0}))];
}

Axes flat(std::initializer_list<core::Axis::Part> parts)
{
    return {{"N", {}}, {"", parts}};
}

}

class TestAxes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void imagesChangeLayout()
    {
        const Tensor nchw = counting({2, 3, 4, 5}, axesOf("NCHW"));
        const Tensor nhwc = nchw.relabelled({2, 4, 5, 3}, axesOf("NHWC"));
        for (int n = 0; n < 2; ++n)
            for (int c = 0; c < 3; ++c)
                for (int h = 0; h < 4; ++h)
                    for (int w = 0; w < 5; ++w)
                        QCOMPARE(at(nhwc, {n, h, w, c}), at(nchw, {n, c, h, w}));
        QCOMPARE(nhwc.axes(), axesOf("NHWC"));
        QVERIFY(core::sameBits(nhwc.relabelled({2, 3, 4, 5}, axesOf("NCHW")), nchw));
    }

    void kernelsChangeLayout()
    {
        const Tensor oihw = counting({6, 2, 3, 4}, axesOf("oihw"));
        const Tensor hwio = oihw.relabelled({3, 4, 2, 6}, axesOf("hwio"));
        QCOMPARE(at(hwio, {2, 1, 1, 5}), at(oihw, {5, 1, 2, 1}));
    }

    void flattenedAxesChangeOrder() // the first Dense behind a Flatten
    {
        const Axes torch{{"o", {}}, {"", {{"C", 2}, {"H", 3}, {"W", 4}}}};
        const Axes keras{{"", {{"H", 3}, {"W", 4}, {"C", 2}}}, {"o", {}}};
        const Tensor weight = counting({5, 24}, torch);
        const Tensor kernel = weight.relabelled({24, 5}, keras);
        for (int o = 0; o < 5; ++o)
            for (int c = 0; c < 2; ++c)
                for (int h = 0; h < 3; ++h)
                    for (int w = 0; w < 4; ++w)
                        QCOMPARE(at(kernel, {(h * 4 + w) * 2 + c, o}), at(weight, {o, (c * 3 + h) * 4 + w}));
    }

    void flattenUnfoldsFlattenedAxes()
    {
        const core::Axis once = core::flattened(axesOf("CHW"), {2, 3, 4});
        QCOMPARE(core::text({once}), std::string("flat(C,H,W)"));
        QCOMPARE(core::flattened({once}, {24}), once);
        QCOMPARE(core::flattened(axesOf("F"), {7}), (core::Axis{"F", {}}));
    }

    void singleElementAxesMayBeMissing() // AdaptiveAvgPool2d(1) against GlobalAveragePooling2D
    {
        const Tensor value = counting({2, 3, 1, 1}, axesOf("NCHW"));
        QVERIFY(core::relabelling(value.shape(), value.axes(), {2, 3}, axesOf("NC")).isIdentity());
        QCOMPARE(value.relabelled({2, 3}, axesOf("NC")).shape(), (Shape{2, 3}));
        const Tensor behind = counting({2, 3}, flat({{"C", 3}, {"H", 1}, {"W", 1}}));
        QCOMPARE(behind.relabelled({2, 3}, axesOf("NC")).shape(), (Shape{2, 3}));
    }

    void loneNamesMatchByPosition()
    {
        QVERIFY(core::relabelling({2, 7}, axesOf("NF"), {2, 7}, axesOf("NC")).isIdentity());
        QVERIFY(core::relabelling({2, 7}, {}, {2, 7}, axesOf("NC")).isIdentity());
    }

    void featuresOfASequenceAreItsChannels()
    {
        const core::Relabelling moved = core::relabelling({2, 5, 3}, axesOf("NTF"), {2, 3, 5}, axesOf("NCT"));
        QCOMPARE(moved.permutation, (std::vector<int>{0, 2, 1}));
        QCOMPARE(core::relabelling({2, 3, 5}, axesOf("NCT"), {2, 5, 3}, axesOf("NTF")).permutation, (std::vector<int>{0, 2, 1}));
        QVERIFY_THROWS_EXCEPTION(core::Error, core::relabelling({2, 5, 3}, axesOf("NTF"), {2, 5, 3}, axesOf("NCT"))); // of other sizes
        QVERIFY_THROWS_EXCEPTION(core::Error, core::relabelling({2, 5, 3}, axesOf("NFC"), {2, 3, 5}, axesOf("NCT"))); // it has both
    }

    void disagreements_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QList<int>>("fromShape");
        QTest::addColumn<QList<int>>("toShape");
        QTest::newRow("sizes") << QByteArray("NC") << QByteArray("NC") << QList<int>{1, 3} << QList<int>{1, 4};
        QTest::newRow("labels after moving") << QByteArray("NCHW") << QByteArray("NHWC") << QList<int>{1, 3, 4, 5}
                                             << QList<int>{1, 3, 4, 5};
        QTest::newRow("a name elsewhere") << QByteArray("oi") << QByteArray("Co") << QList<int>{3, 3} << QList<int>{3, 3};
        QTest::newRow("rank") << QByteArray("NCHW") << QByteArray("NF") << QList<int>{1, 3, 4, 5} << QList<int>{1, 60};
    }

    void disagreements()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QList<int>, fromShape);
        QFETCH(QList<int>, toShape);
        const Shape source(fromShape.begin(), fromShape.end()), target(toShape.begin(), toShape.end());
        QVERIFY_THROWS_EXCEPTION(core::Error, core::relabelling(source, axesOf(from.toStdString()), target, axesOf(to.toStdString())));
    }
};

QTEST_GUILESS_MAIN(TestAxes)
#include "tst_axes.moc"
