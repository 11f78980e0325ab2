// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tensor/statisticstable.h"
#include "widgets/tensor/tensorpanel.h"
#include "widgets/tensor/valuesmodel.h"
#include "widgets/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include <limits>

using namespace widgets;

namespace {

const auto names = [] { return sideNames(core::Framework::Torch, core::Framework::Keras); };

core::Tensor row(std::vector<float> values)
{
    const auto size = static_cast<std::int64_t>(values.size());
    return core::Tensor::fromFloats({1, size}, values, core::axesOf("NF"));
}

}

class TestTensorPanel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void statisticsOfBothSides()
    {
        TensorPanel panel;
        panel.setTensors(QStringLiteral("dense output"), names(), row({-1, 1, 3, 5}), row({-1, 1, 3, 5.5F}), 1e-5);
        const auto* table = panel.statistics();
        QCOMPARE(table->cell(0, 0), QStringLiteral("-1.0000"));
        QCOMPARE(table->cell(1, 1), QStringLiteral("5.5000"));
        QCOMPARE(table->cell(1, 2), QStringLiteral("0.50"));
        QCOMPARE(table->cell(2, 0), QStringLiteral("2.0000"));
        QCOMPARE(table->cell(3, 0), QStringLiteral("2.2361")); // sqrt(5), the population's
        QVERIFY(!table->isOver(0));
        QVERIFY(table->isOver(1));
        QVERIFY(panel.asText().startsWith(QStringLiteral("min\t-1.0000\t-1.0000\t0\n")));
    }

    void oneSideAlone()
    {
        TensorPanel panel;
        panel.setTensors(QStringLiteral("1 output"), names(), row({1, 2}), {}, 1e-5);
        QCOMPARE(panel.statistics()->cell(1, 0), QStringLiteral("2.0000"));
        QCOMPARE(panel.statistics()->cell(1, 1), QStringLiteral("–"));
        QCOMPARE(panel.statistics()->cell(1, 2), QStringLiteral("–"));
    }

    void notFiniteValuesAreCounted()
    {
        StatisticsTable table;
        const int usual = table.sizeHint().height();
        core::Statistics some;
        some.nans = 2;
        some.infs = 1;
        table.setStatistics(names(), some, core::Statistics(), 1e-5);
        QCOMPARE(table.cell(4, 0), QStringLiteral("3"));
        QVERIFY(table.sizeHint().height() > usual);
    }

    void everyValueInOrder()
    {
        ValuesModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const std::vector<float> left = {0, 1, 2, 3, 4, 5}, right = {0, 1, 2, 3, 4, 7};
        model.setTensors(core::Tensor::fromFloats({1, 2, 3}, left), core::Tensor::fromFloats({1, 2, 3}, right), {"torch", "keras"});
        QCOMPARE(model.rowCount(), 6);
        QCOMPARE(model.index(5, ValuesModel::Index).data().toString(), QStringLiteral("1,2"));
        QCOMPARE(model.index(5, ValuesModel::Left).data().toString(), QStringLiteral("5.000000"));
        QCOMPARE(model.index(5, ValuesModel::Difference).data().toString(), QStringLiteral("-2.0"));
        QCOMPARE(model.headerData(ValuesModel::Right, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("keras"));
        model.setTensors({}, core::Tensor::fromFloats({2}, std::vector<float>{1, 2}), {"torch", "keras"});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(1, ValuesModel::Left).data().toString(), QStringLiteral("–"));
        QCOMPARE(model.index(1, ValuesModel::Difference).data().toString(), QStringLiteral("–"));
    }

    void tableIsCopiedWhenShown()
    {
        Theme theme;
        TensorPanel panel;
        panel.resize(296, 212);
        panel.setTensors(QStringLiteral("dense output"), names(), row({1, 2}), row({1, 2}), 1e-5);
        panel.show();
        panel.setShowsValues(true);
        QCOMPARE(panel.asText(), QStringLiteral("0\t1.000000\t1.000000\t0\n1\t2.000000\t2.000000\t0\n"));
    }
};

QTEST_MAIN(TestTensorPanel)
#include "tst_tensorpanel.moc"
