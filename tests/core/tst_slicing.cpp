// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/slicing.h"

#include <QTest>
#include <cstring>

using core::Slicing;
using core::Tiling;
using Floats = std::vector<float>;

namespace {

/// Every value tells its place: 1000 a + 100 b + 10 c + d.
core::TensorSource placed(const core::Shape& shape)
{
    const core::Shape strides = core::denseStrides(shape);
    Floats values;
    for (std::int64_t i = 0; i < core::elementCount(shape); ++i) {
        std::int64_t value = 0;
        for (std::size_t d = 0; d < shape.size(); ++d)
            value = 10 * value + i / strides[d] % shape[d];
        values.push_back(static_cast<float>(value));
    }
    return {core::DType::Float32, shape, core::Tensor::fromFloats(shape, values).sharedBytes()};
}

Floats floats(const core::Tensor& tensor)
{
    return {tensor.floats().begin(), tensor.floats().end()};
}

}

/// Planes and tiles of tensors of any rank.
class TestSlicing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void startsWithTheKernel()
    {
        const Slicing torch = core::slicingOf({6, 4, 5, 3}, core::axesOf("oihw"));
        QCOMPARE(torch.rows, 2);
        QCOMPARE(torch.columns, 3);
        const Slicing keras = core::slicingOf({5, 3, 4, 6}, core::axesOf("hwio"));
        QCOMPARE(keras.rows, 0);
        QCOMPARE(keras.columns, 1);
        QCOMPARE(core::rowCount(keras), 5);
        QCOMPARE(core::columnCount(keras), 3);
        const Slicing unknown = core::slicingOf({2, 3, 4}, {});
        QCOMPARE(unknown.rows, 1);
        QCOMPARE(QString::fromStdString(core::axisName(unknown, 2)), QStringLiteral("axis 2"));
        QCOMPARE(QString::fromStdString(core::axisName(keras, 3)), QStringLiteral("o"));
    }

    void axesChangePlaces()
    {
        const Slicing start = core::slicingOf({2, 3, 4}, {});
        const Slicing swapped = core::withRows(start, 2);
        QCOMPARE(swapped.rows, 2);
        QCOMPARE(swapped.columns, 1);
        const Slicing other = core::withColumns(start, 0);
        QCOMPARE(other.rows, 1);
        QCOMPARE(other.columns, 0);
    }

    void cellsOfAnyPlane()
    {
        const auto source = placed({2, 3, 4, 5});
        Slicing slicing = core::slicingOf(source.shape, {});
        slicing.at = {1, 2, 0, 0};
        QCOMPARE(floats(core::readCells(source, slicing, {1, 2, 2, 3})), (Floats{1212, 1213, 1214, 1222, 1223, 1224}));
        slicing = core::withColumns(core::withRows(slicing, 3), 0);
        QCOMPARE(floats(core::readCells(source, slicing, {0, 0, 2, 2})), (Floats{200, 1200, 201, 1201}));
        QCOMPARE(QString::fromStdString(core::placeText(slicing, 4, 1)), QStringLiteral("1,2,0,4"));
    }

    void vectorsAndScalars()
    {
        const auto vector = placed({4});
        const Slicing down = core::slicingOf(vector.shape, {});
        QCOMPARE(core::rowCount(down), 4);
        QCOMPARE(core::columnCount(down), 1);
        QCOMPARE(floats(core::readCells(vector, down, {1, 0, 2, 1})), (Floats{1, 2}));
        const Tiling lying = core::tilingOf(down);
        QCOMPARE(lying.height, 1);
        QCOMPARE(lying.width, 4);
        const auto scalar = placed({});
        const Slicing point = core::slicingOf({}, {});
        QCOMPARE(floats(core::readCells(scalar, point, {0, 0, 1, 1})), Floats{0});
        QCOMPARE(core::readTiles(scalar, point, core::tilingOf(point)), Floats{0});
    }

    void tilesByChannels()
    {
        const auto keras = placed({2, 2, 1, 3}); // h, w, i, o: tiles go by output channel
        const Slicing slicing = core::slicingOf(keras.shape, core::axesOf("hwio"));
        const Tiling tiling = core::tilingOf(slicing);
        QCOMPARE(tiling.downAxis, 3);
        QCOMPARE(tiling.acrossAxis, 2);
        QVERIFY(tiling.whole);
        QCOMPARE(core::readTiles(keras, slicing, tiling), (Floats{0, 100, 1000, 1100, 1, 101, 1001, 1101, 2, 102, 1002, 1102}));
    }

    void fifthAxisStands()
    {
        const auto source = placed({1, 2, 2, 1, 2});
        Slicing slicing = core::slicingOf(source.shape, {});
        slicing.at[2] = 1;
        QCOMPARE(core::readTiles(source, slicing, core::tilingOf(slicing)), (Floats{100, 101, 1100, 1101}));
    }

    void tooLargeIsSampled()
    {
        const auto source = placed({3, 9, 7});
        const Slicing slicing = core::slicingOf(source.shape, {});
        const Tiling tiling = core::tilingOf(slicing, 4, 8);
        QCOMPARE(tiling.heightStep, 3);
        QCOMPARE(tiling.height, 3);
        QCOMPARE(tiling.widthStep, 2);
        QCOMPARE(tiling.width, 4);
        QCOMPARE(tiling.down, 1);
        QVERIFY(!tiling.whole);
        QCOMPARE(core::readTiles(source, slicing, tiling), (Floats{0, 2, 4, 6, 30, 32, 34, 36, 60, 62, 64, 66}));
    }

    void emptyTensors()
    {
        const core::TensorSource source{core::DType::Float32, {0, 3}, std::make_shared<std::vector<std::byte>>()};
        const Slicing slicing = core::slicingOf(source.shape, {});
        QCOMPARE(core::rowCount(slicing), 0);
        QCOMPARE(core::readTiles(source, slicing, core::tilingOf(slicing)), Floats{});
        const core::TensorSource other{core::DType::Float32, {0, 3, 3}, std::make_shared<std::vector<std::byte>>()};
        const Slicing stack = core::slicingOf(other.shape, {});
        QCOMPARE(core::readTiles(other, stack, core::tilingOf(stack)), Floats{});
    }
};

QTEST_APPLESS_MAIN(TestSlicing)
#include "tst_slicing.moc"
