// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/format.h"
#include "core/mapping/mapping.h"

#include <QTest>

using namespace core;

/// Mapping of what PyTorch and Keras themselves wrote (tests/interop/make_graphs.py): branches, several outputs, other orders.
class TestMapFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pairs_data();
    void pairs();
    void orderAloneIsAmbiguous();
};

using Mates = std::vector<std::pair<std::string, std::string>>;
Q_DECLARE_METATYPE(Mates)

void TestMapFiles::pairs_data()
{
    QTest::addColumn<QString>("left");
    QTest::addColumn<QString>("right");
    QTest::addColumn<Mates>("mates");

    const Mates residual{{"stem", "conv2d"},  {"norm", "batch_normalization"}, {"one", "conv2d_2"},
                         {"two", "conv2d_3"}, {"three", "conv2d_4"},           {"skip", "conv2d_1"},
                         {"fc", "dense"}};
    const Mates towers{{"a.0", "dense_4"}, {"a.2", "dense_3"}, {"b.0", "dense_2"}, {"b.2", "dense_1"}, {"end", "dense_5"}};
    const Mates heads{{"body", "dense_6"}, {"mean", "Mean"}, {"log_var", "logVar"}};
    for (const QString ending : {".traced.pt", ".pt2"}) {
        QTest::addRow("residual%s", qPrintable(ending)) << "residual" + ending << QStringLiteral("residual.h5") << residual;
        QTest::addRow("towers%s", qPrintable(ending)) << "towers" + ending << QStringLiteral("towers.h5") << towers;
        QTest::addRow("heads%s", qPrintable(ending)) << "heads" + ending << QStringLiteral("heads.h5") << heads;
    }
    QTest::newRow("norms") << QStringLiteral("norms.pt") << QStringLiteral("norms.h5") << Mates{{"bn_1", "bn1"}, {"bn_2", "bn2"}};
    QTest::newRow("names against the order of registration") << QStringLiteral("order_named.pt") << QStringLiteral("order_named.h5")
                                                             << Mates{{"first", "first"}, {"second", "second"}, {"third", "third"}};
    QTest::newRow("values against the order of registration")
        << QStringLiteral("order.pt") << QStringLiteral("order.h5") << Mates{{"l.0", "dense"}, {"l.1", "dense_1"}, {"l.2", "dense_2"}};
}

void TestMapFiles::pairs()
{
    QFETCH(QString, left);
    QFETCH(QString, right);
    QFETCH(Mates, mates);
    const std::string folder = TIEOUT_TEST_DATA "/graphs/";
    const Model a = formats::openModel(folder + left.toStdString()), b = formats::openModel(folder + right.toStdString());
    for (const bool swapped : {false, true}) {
        const mapping::Mapping mapping = swapped ? mapping::autoMap(b, a) : mapping::autoMap(a, b);
        QVERIFY2(mapping.ambiguous.empty(), mapping.ambiguous.empty() ? "" : mapping.ambiguous[0].why.text.c_str());
        for (const auto& [torch, keras] : mates) {
            const mapping::Link* link = mapping::linkOfLayer(mapping, a, torch, !swapped);
            QVERIFY2(link, torch.c_str());
            const auto names = mapping::layerNames(b, swapped ? link->left : link->right);
            QVERIFY2(std::find(names.begin(), names.end(), keras) != names.end(), (torch + " is linked to " + names.front()).c_str());
        }
    }
}

void TestMapFiles::orderAloneIsAmbiguous()
{
    const std::string folder = TIEOUT_TEST_DATA "/graphs/";
    const Model a = formats::openModel(folder + "order.pt"), b = formats::openModel(folder + "order_other.h5");
    const mapping::Mapping mapping = mapping::autoMap(a, b);
    QVERIFY(mapping.links.empty());
    QCOMPARE(mapping.ambiguous.size(), std::size_t{1});
    QCOMPARE(mapping::layerNames(b, mapping.ambiguous[0].right), (std::vector<std::string>{"dense", "dense_1", "dense_2"}));
}

QTEST_GUILESS_MAIN(TestMapFiles)
#include "tst_mapfiles.moc"
