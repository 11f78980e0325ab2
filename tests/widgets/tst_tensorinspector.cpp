// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/statistics.h"
#include "widgets/tensor/planemodel.h"
#include "widgets/tensor/slicingbar.h"
#include "widgets/tensor/statisticspart.h"
#include "widgets/tensor/tensorinspector.h"
#include "widgets/tensor/tilemap.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>
#include <cstring>
#include <limits>

using namespace widgets;
using core::DType;

namespace {

/// 0, 1, 2 ... as float32 parameter "p" in memory.
core::Parameter counted(const core::Shape& shape, const core::Axes& axes = {})
{
    std::vector<float> values(static_cast<std::size_t>(core::elementCount(shape)));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i);
    core::Parameter parameter;
    parameter.name = "p";
    parameter.source = {DType::Float32, shape, core::Tensor::fromFloats(shape, values).sharedBytes()};
    parameter.axes = axes;
    return parameter;
}

/// Answers what the inspector asks for at once, as the program does from its tasks.
struct Answering
{
    explicit Answering(TensorInspector& inspector)
    {
        QObject::connect(&inspector, &TensorInspector::cellsWanted, [&](const core::Slicing& slicing, const core::Cells& cells) {
            ++blocks;
            inspector.setCells(slicing, cells, core::readCells(inspector.parameter().source, slicing, cells));
        });
        QObject::connect(&inspector, &TensorInspector::tilesWanted, [&](const core::Slicing& slicing, const core::Tiling& tiling) {
            ++pictures;
            inspector.setTiles(slicing, tiling, core::readTiles(inspector.parameter().source, slicing, tiling));
        });
    }

    int blocks = 0, pictures = 0;
};

const SideName torch = sideNames(core::Framework::Torch, core::Framework::None)[0];

QString cell(const TensorInspector& inspector, int row, int column)
{
    return inspector.plane()->index(row, column).data().toString();
}

}

/// Tensors of any rank and type, looked at by a person's hands.
class TestTensorInspector : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cellsArriveWhenLookedAt()
    {
        TensorInspector inspector;
        const Answering answering(inspector);
        QAbstractItemModelTester tester(inspector.plane(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        inspector.setTensor(torch, counted({2, 3, 4, 5}));
        QCOMPARE(inspector.plane()->rowCount(), 4);
        QCOMPARE(inspector.plane()->columnCount(), 5);
        QCOMPARE(cell(inspector, 1, 2), QStringLiteral("…"));
        QTRY_COMPARE(cell(inspector, 1, 2), QStringLiteral("7"));
        QCOMPARE(answering.blocks, 1);
        QCOMPARE(answering.pictures, 1);
    }

    void anyPlaneIsChosen()
    {
        TensorInspector inspector;
        const Answering answering(inspector);
        inspector.setTensor(torch, counted({2, 3, 4, 5}));
        inspector.slicingBar()->place(0)->setValue(1);
        cell(inspector, 0, 0);
        QTRY_COMPARE(cell(inspector, 0, 0), QStringLiteral("60"));
        QCOMPARE(answering.pictures, 1); // it has all planes
        auto* rows = inspector.slicingBar()->rows();
        QCOMPARE(rows->count(), 4);
        rows->setCurrentIndex(0);
        Q_EMIT rows->activated(0);
        QCOMPARE(inspector.plane()->rowCount(), 2);
        QCOMPARE(answering.pictures, 2);
        cell(inspector, 1, 3);
        QTRY_COMPARE(cell(inspector, 1, 3), QStringLiteral("63"));
        QVERIFY(inspector.plane()->index(1, 3).data(Qt::ToolTipRole).toString().startsWith(QStringLiteral("[1,0,0,3]")));
    }

    void integersAreExact()
    {
        TensorInspector inspector;
        const Answering answering(inspector);
        auto bytes = std::make_shared<std::vector<std::byte>>(16);
        const std::int64_t values[] = {std::numeric_limits<std::int64_t>::max(), -1};
        std::memcpy(bytes->data(), values, 16);
        core::Parameter parameter;
        parameter.name = "steps";
        parameter.source = {DType::Int64, {2}, core::SharedBytes(bytes)};
        inspector.setTensor(torch, parameter);
        cell(inspector, 0, 0);
        QTRY_COMPARE(cell(inspector, 0, 0), QStringLiteral("9223372036854775807"));
        QVERIFY(!inspector.slicingBar()->rows()->isEnabled());
    }

    void copiesWhatIsSelected()
    {
        TensorInspector inspector;
        const Answering answering(inspector);
        QSignalSpy copied(&inspector, &TensorInspector::copyWanted);
        inspector.setTensor(torch, counted({4, 3}));
        QTest::keyClick(inspector.table(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(copied.count(), 1);
        QCOMPARE(copied[0][1].value<core::Cells>(), (core::Cells{0, 0, 4, 3}));
        const QItemSelection two(inspector.plane()->index(1, 0), inspector.plane()->index(2, 1));
        inspector.table()->selectionModel()->select(two, QItemSelectionModel::ClearAndSelect);
        QTest::keyClick(inspector.table(), Qt::Key_C, Qt::ControlModifier);
        const auto cells = copied[1][1].value<core::Cells>();
        QCOMPARE(cells, (core::Cells{1, 0, 2, 2}));
        QCOMPARE(cellsAsText(core::readCells(inspector.parameter().source, inspector.slicing(), cells)), QStringLiteral("3\t4\n6\t7\n"));
    }

    void problemIsTold()
    {
        TensorInspector inspector;
        QSignalSpy cells(&inspector, &TensorInspector::cellsWanted), tiles(&inspector, &TensorInspector::tilesWanted);
        core::Parameter parameter = counted({2, 2});
        parameter.problem = "its record is missing";
        inspector.setTensor(torch, parameter);
        QCOMPARE(inspector.plane()->rowCount(), 0);
        QVERIFY(!inspector.tiles()->hasTiles());
        QTest::qWait(20);
        QCOMPARE(cells.count() + tiles.count(), 0);
        inspector.setTensor(torch, counted({2, 2}));
        QCOMPARE(inspector.plane()->rowCount(), 2);
    }

    void hugeVectorIsPaged()
    {
        PlaneModel plane;
        plane.setSlicing(core::slicingOf({3'000'000'000}, {}));
        QCOMPARE(plane.rowCount(), static_cast<int>(PlaneModel::mostRows));
        plane.setFirst(2'999'999'998, 0);
        QCOMPARE(plane.rowCount(), 2);
        QCOMPARE(plane.headerData(1, Qt::Vertical).toString(), QStringLiteral("2999999999"));
        QSignalSpy wanted(&plane, &PlaneModel::cellsWanted);
        plane.index(1, 0).data();
        QVERIFY(wanted.wait());
        const auto cells = wanted[0][1].value<core::Cells>();
        QVERIFY(cells.row <= 2'999'999'999 && cells.row + cells.rows == 3'000'000'000);
    }

    void tilesAreChosenByClick()
    {
        TileMap map;
        map.resize(400, 200);
        const core::Parameter parameter = counted({3, 2, 4, 4}, core::axesOf("oihw"));
        const core::Slicing slicing = core::slicingOf(parameter.source.shape, parameter.axes);
        const core::Tiling tiling = core::tilingOf(slicing);
        map.setTiles(slicing, tiling, core::readTiles(parameter.source, slicing, tiling));
        QCOMPARE(map.range().high, 95.0);
        QVERIFY(map.omissions().isEmpty());
        QSignalSpy chosen(&map, &TileMap::placeChosen);
        QTest::mouseClick(map.viewport(), Qt::LeftButton, {}, QPoint(14, 10));
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].value<core::Slicing>().at, (core::Shape{0, 0, 0, 0}));
    }

    void coloursTellTheValues()
    {
        TileMap map;
        map.resize(400, 300);
        const core::Shape shape{1, 2};
        const std::vector<float> values{-2, 2};
        const core::Slicing slicing = core::slicingOf(shape, {});
        map.setTiles(slicing, core::tilingOf(slicing), values);
        const auto pixels = [&] {
            const QImage picture = map.picture({});
            const int y = 44 + 8; // below margin and heading
            return std::pair(picture.pixelColor(16 + 4, y), picture.pixelColor(16 + 24 + 4, y));
        };
        const auto rgb = [](core::report::Rgb colour) { return QColor(colour.red, colour.green, colour.blue); };
        using core::report::ColorMap;
        QCOMPARE(pixels().first, rgb(core::report::color(ColorMap::DifferenceLight, -2, -2, 2)));
        QCOMPARE(pixels().second, rgb(core::report::color(ColorMap::DifferenceLight, 2, -2, 2)));
        map.setDiverging(false);
        QCOMPARE(pixels().first, rgb(core::report::color(ColorMap::Values, -2, -2, 2)));
    }

    void statisticsCanBeCancelled()
    {
        TensorInspector inspector;
        QSignalSpy wanted(&inspector, &TensorInspector::statisticsWanted), cancelled(&inspector, &TensorInspector::statisticsCancelled);
        inspector.setTensor(torch, counted({2, 2}));
        QCOMPARE(wanted.count(), 1);
        StatisticsPart* part = inspector.statistics();
        part->setProgress(0.5);
        QVERIFY(part->isComputing());
        const auto buttons = part->findChildren<QPushButton*>();
        const auto press = [&](const QString& text) {
            for (auto* button : buttons)
                if (button->text() == text)
                    button->click();
        };
        press(QStringLiteral("Cancel"));
        QCOMPARE(cancelled.count(), 1);
        part->setMessage(QStringLiteral("Cancelled."), true);
        press(QStringLiteral("Compute"));
        QCOMPARE(wanted.count(), 2);
        const core::Tensor values = core::read(inspector.parameter().source);
        part->setStatistics(core::Framework::Torch, core::statistics(values), core::histogram(values, 0, 3, 34));
        QVERIFY(part->asText().contains(QStringLiteral("mean\t1.5\n")));
        QVERIFY(part->asText().contains(QStringLiteral("zeros\t1\n")));
    }
};

QTEST_MAIN(TestTensorInspector)
#include "tst_tensorinspector.moc"
