// SPDX-License-Identifier: GPL-3.0-or-later
#include "fixtures.h"

#include "widgets/lists/layerfilter.h"
#include "widgets/lists/layermodel.h"
#include "widgets/lists/text.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using widgets::LayerFilter;
using widgets::LayerModel;

namespace {

/// The tree as text: a line a row, parameters indented, cells parted by bars.
QStringList printed(const QAbstractItemModel& model, const QModelIndex& parent = {})
{
    QStringList lines;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        QStringList cells;
        for (const int column : {LayerModel::LayerColumn, LayerModel::TypeColumn, LayerModel::ShapeColumn, LayerModel::CountColumn})
            cells << model.index(row, column, parent).data().toString();
        lines << (parent.isValid() ? QStringLiteral("  ") : QString()) + cells.join(QStringLiteral(" | "));
        lines << printed(model, model.index(row, 0, parent));
    }
    return lines;
}

QStringList names(const QAbstractItemModel& model)
{
    QStringList list;
    for (int row = 0; row < model.rowCount(); ++row)
        list << model.index(row, 0).data().toString();
    return list;
}

}

class TestLayerModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_model = std::make_unique<LayerModel>();
        m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    }

    void torchLayersWithTheirParameters()
    {
        m_model->setModel(fixtures::torchNet(), fixtures::values(*fixtures::torchNet()));
        const QStringList expected{
            QStringLiteral("0 | Conv2d 1→6 5×5 p2 | [6,28,28] | 156"),
            QStringLiteral("  weight | f32 | [6,1,5,5] | 150"),
            QStringLiteral("  bias | f32 | [6] | 6"),
            QStringLiteral("1 | Tanh | [6,28,28] | "),
            QStringLiteral("2 | AvgPool2d 2×2 | [6,14,14] | "),
            QStringLiteral("3 | Flatten | [1176] | "),
            QStringLiteral("4 | Linear 1176→10 | [10] | 11,770"),
            QStringLiteral("  weight | f32 | [10,1176] | 11,760"),
            QStringLiteral("  bias | f32 | [10] | 10"),
            QStringLiteral("5 | Softmax | [10] | "),
        };
        QCOMPARE(printed(*m_model), expected);
    }

    void marksTellHowValuesCompare()
    {
        using Kind = widgets::ParameterMark::Kind;
        m_model->setModel(fixtures::torchNet(), fixtures::values(*fixtures::torchNet()));
        const QString weight = QStringLiteral("0.weight"), bias = QStringLiteral("0.bias"), layer = QStringLiteral("0");
        const auto markOf = [&](const QModelIndex& index) { return static_cast<Kind>(index.data(LayerModel::MarkRole).toInt()); };
        QCOMPARE(markOf(m_model->layerIndex(layer)), Kind::None);
        m_model->setMarks({{weight, {Kind::Equal, false, QStringLiteral("all values equal")}},
                           {bias, {Kind::Differs, true, QStringLiteral("1 of 6 values differs")}}});
        QCOMPARE(markOf(m_model->parameterIndex(weight)), Kind::Equal);
        QCOMPARE(markOf(m_model->parameterIndex(bias)), Kind::Differs);
        QCOMPARE(markOf(m_model->layerIndex(layer)), Kind::Differs); // what matters most
        QVERIFY(m_model->layerIndex(layer).data(LayerModel::NanRole).toBool());
        QVERIFY(!m_model->parameterIndex(weight).data(LayerModel::NanRole).toBool());
        QVERIFY(m_model->layerIndex(layer).data(Qt::ToolTipRole).toString().contains(QStringLiteral("bias: 1 of 6 values differs")));
        QVERIFY(m_model->parameterIndex(bias).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("differs holds NaN")));
        m_model->setModel(fixtures::torchNet(), fixtures::values(*fixtures::torchNet()));
        QCOMPARE(markOf(m_model->layerIndex(layer)), Kind::None); // another file
    }

    void kerasNamesLoseTheirLayer()
    {
        m_model->setModel(fixtures::kerasNet(), fixtures::values(*fixtures::kerasNet()));
        QCOMPARE(printed(*m_model).first(3),
                 (QStringList{QStringLiteral("conv2d | Conv2D 6 5×5 same tanh | [28,28,6] | 156"),
                              QStringLiteral("  kernel | f32 | [5,5,1,6] | 150"), QStringLiteral("  bias | f32 | [6] | 6")}));
        QCOMPARE(widgets::parameterTitle("conv2d/conv2d/kernel:0", "conv2d"), QStringLiteral("kernel"));
        QCOMPARE(widgets::parameterTitle("features.0.weight", "features.0"), QStringLiteral("weight"));
        QCOMPARE(widgets::parameterTitle("scale", ""), QStringLiteral("scale"));
    }

    void withoutValuesShapesAreEmpty()
    {
        m_model->setModel(fixtures::torchNet());
        QVERIFY(!m_model->index(0, LayerModel::ShapeColumn).data().isValid());
        QCOMPARE(m_model->index(0, LayerModel::ShapeColumn, m_model->index(0, 0)).data().toString(), QStringLiteral("[6,1,5,5]"));
    }

    void statisticsArriveLater()
    {
        m_model->setModel(fixtures::torchNet());
        QSignalSpy spy(m_model.get(), &QAbstractItemModel::dataChanged);
        m_model->setStatistics(QStringLiteral("0.weight"), {-0.92, 0.71, 0, 0.2, 150, 0, 0, 0}, {1, 5, 2});
        m_model->setStatistics(QStringLiteral("no such parameter"), {}, {});
        QCOMPARE(spy.size(), 1);
        const QModelIndex weight = m_model->parameterIndex(QStringLiteral("0.weight"));
        QCOMPARE(weight.siblingAtColumn(LayerModel::TypeColumn).data().toString(), QStringLiteral("f32  -0.92 … 0.71"));
        QCOMPARE(weight.siblingAtColumn(LayerModel::RangeColumn).data().toString(), QStringLiteral("-0.92 … 0.71"));
        QCOMPARE(weight.data(LayerModel::BinsRole).value<QList<double>>(), (QList<double>{1, 5, 2}));
    }

    void theFirstDivergenceIsFlaggedOnce()
    {
        m_model->setModel(fixtures::kerasNet());
        m_model->setFirstDivergence(QStringLiteral("conv2d"));
        m_model->setFirstDivergence(QStringLiteral("dense"));
        QVERIFY(!m_model->layerIndex(QStringLiteral("conv2d")).data(LayerModel::FirstDivergenceRole).toBool());
        const QModelIndex dense = m_model->layerIndex(QStringLiteral("dense"));
        QVERIFY(dense.data(LayerModel::FirstDivergenceRole).toBool());
        QVERIFY(dense.data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("first over tolerance")));
    }

    void unknownKindsAndHostileNamesAreShownSafely()
    {
        m_model->setModel(fixtures::strangeNet());
        const QModelIndex unknown = m_model->index(0, 0);
        QVERIFY(unknown.data(LayerModel::UnsupportedRole).toBool());
        QVERIFY(unknown.data(Qt::ToolTipRole).toString().contains(QStringLiteral("never run")));
        const QModelIndex hostile = m_model->index(1, 0);
        QVERIFY(hostile.data().toString().contains(QStringLiteral("\\x01")));
        QVERIFY(!hostile.data(Qt::ToolTipRole).toString().contains(QStringLiteral("<b>")));
        QCOMPARE(hostile.data(LayerModel::LayerRole).toString(), QStringLiteral("<b>bold\x01</b>"));
    }

    void anotherFileReplacesTheFirst()
    {
        m_model->setModel(fixtures::torchNet());
        m_model->setModel(fixtures::kerasNet());
        QVERIFY(!m_model->layerIndex(QStringLiteral("0")).isValid());
        m_model->setModel(nullptr);
        QCOMPARE(m_model->rowCount(), 0);
    }

    void filter_data()
    {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<QStringList>("kept");
        const QStringList all{QStringLiteral("0"), QStringLiteral("1"), QStringLiteral("2"),
                              QStringLiteral("3"), QStringLiteral("4"), QStringLiteral("5")};
        QTest::newRow("nothing") << QString() << all;
        QTest::newRow("kind") << QStringLiteral("conv") << QStringList{QStringLiteral("0")};
        QTest::newRow("parameter") << QStringLiteral("4.w") << QStringList{QStringLiteral("4")};
        QTest::newRow("short dtype") << QStringLiteral("f32") << QStringList{QStringLiteral("0"), QStringLiteral("4")};
        QTest::newRow("dtype") << QStringLiteral("float32") << QStringList{QStringLiteral("0"), QStringLiteral("4")};
        QTest::newRow("other dtype") << QStringLiteral("f16") << QStringList();
        QTest::newRow("sizes") << QStringLiteral("5,5") << QStringList{QStringLiteral("0")};
        QTest::newRow("not within a size") << QStringLiteral("176,1") << QStringList();
        QTest::newRow("brackets") << QStringLiteral("[10]") << QStringList{QStringLiteral("4"), QStringLiteral("5")};
        QTest::newRow("two words") << QStringLiteral("f32 linear") << QStringList{QStringLiteral("4")};
    }

    void filter()
    {
        QFETCH(QString, filter);
        QFETCH(QStringList, kept);
        m_model->setModel(fixtures::torchNet(), fixtures::values(*fixtures::torchNet()));
        LayerFilter proxy;
        QAbstractItemModelTester tester(&proxy, QAbstractItemModelTester::FailureReportingMode::QtTest);
        proxy.setSourceModel(m_model.get());
        proxy.setFilter(filter);
        QCOMPARE(names(proxy), kept);
    }

    void sortsNumbersAsNumbersAndBack()
    {
        m_model->setModel(fixtures::torchNet());
        LayerFilter proxy;
        proxy.setSourceModel(m_model.get());
        proxy.sort(LayerModel::CountColumn, Qt::DescendingOrder);
        QCOMPARE(names(proxy).first(2), (QStringList{QStringLiteral("4"), QStringLiteral("0")}));
        proxy.sort(LayerModel::TypeColumn, Qt::AscendingOrder);
        QCOMPARE(names(proxy).constFirst(), QStringLiteral("2"));
        proxy.sort(-1);
        QCOMPARE(names(proxy).constFirst(), QStringLiteral("0"));
    }

    void copiesFullNamesAndPlainNumbers()
    {
        m_model->setModel(fixtures::torchNet(), fixtures::values(*fixtures::torchNet()));
        LayerFilter proxy;
        proxy.setSourceModel(m_model.get());
        proxy.setFilter(QStringLiteral("linear"));
        QCOMPARE(widgets::asTsv(proxy, {LayerModel::LayerColumn, LayerModel::ShapeColumn, LayerModel::CountColumn}),
                 QStringLiteral("Layer\tShape\tCount\n4\t[10]\t11770\n4.weight\t[10,1176]\t11760\n4.bias\t[10]\t10\n"));
    }

    void numbers_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("zero") << 0.0 << QStringLiteral("0");
        QTest::newRow("fraction") << -0.9231 << QStringLiteral("-0.92");
        QTest::newRow("small") << -0.00412 << QStringLiteral("-4e-3");
        QTest::newRow("hundreds") << 123.4 << QStringLiteral("123");
        QTest::newRow("large") << 131072.0 << QStringLiteral("1.3e5");
    }

    void numbers()
    {
        QFETCH(double, value);
        QTEST(widgets::shortNumber(value), "text");
    }

private:
    std::unique_ptr<LayerModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

QTEST_GUILESS_MAIN(TestLayerModel)
#include "tst_layermodel.moc"
