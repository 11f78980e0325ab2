// SPDX-License-Identifier: GPL-3.0-or-later
// Weights behind a Flatten, with twins from the real frameworks that compute the same (tests/interop/make_orders.py).
#include "core/convert/convert.h"
#include "core/formats/format.h"
#include "core/session/session.h"

#include <QTest>

using namespace core;

namespace {

std::shared_ptr<const Model> opened(const std::string& file)
{
    return std::make_shared<const Model>(formats::openModel(std::string(TIEOUT_TEST_DATA) + "/orders/" + file));
}

/// The tensors that a conversion into the twin of other weights would write.
formats::NamedTensors converted(const std::string& from, const std::string& twin)
{
    const session::Pair pair =
        from.ends_with(".pt") ? session::makePair(opened(from), opened(twin)) : session::makePair(opened(twin), opened(from));
    const bool toKeras = twin.ends_with(".h5");
    return convert::convertedTensors(convert::plan(toKeras ? pair.left : pair.right, toKeras ? pair.right : pair.left, pair.mapping,
                                                   toKeras, toKeras ? formats::kerasH5Writer : formats::stateDictWriter));
}

/// Names of tensors that are not what the true twin holds.
QStringList wrong(const formats::NamedTensors& tensors, const std::string& file)
{
    const auto truth = opened(file);
    QStringList result;
    for (const auto& [name, tensor] : tensors)
        if (const Parameter* parameter = truth->parameter(name);
            parameter && parameter->role != "count" && !sameBits(read(parameter->source), tensor))
            result << QString::fromStdString(name);
    return result;
}

}

class TestOrders : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void twinsAreEqual_data() { networks(true); }
    void twinsAreEqual();
    void convertedAsTheFrameworksDo_data() { networks(false); }
    void convertedAsTheFrameworksDo();
    void refusedByName_data();
    void refusedByName();

private:
    static void networks(bool all);
};

void TestOrders::networks(bool all)
{
    QTest::addColumn<std::string>("name");
    for (const char* name : {"gelu", "leaky", "elu", "dropout", "rescaling", "noise", "norm", "permuted", "channels_first", "reshape",
                             "concatenated", "generator", "depthwise"})
        QTest::newRow(name) << std::string(name);
    if (all)
        QTest::newRow("lost") << std::string("lost");
}

void TestOrders::twinsAreEqual()
{
    QFETCH(std::string, name);
    const session::Pair pair = session::makePair(opened(name + ".pt"), opened(name + ".h5"));
    std::size_t linked = 0;
    for (const mapping::Link& link : pair.mapping.links)
        for (const mapping::ParameterLink& parameters : link.parameters) {
            QVERIFY2(parameters.equal == true, (parameters.right.front() + " " + parameters.rule).c_str());
            linked += parameters.right.size();
        }
    QCOMPARE(linked, pair.right->parameters.size());
}

void TestOrders::convertedAsTheFrameworksDo()
{
    QFETCH(std::string, name);
    QCOMPARE(wrong(converted(name + ".pt", name + ".blank.h5"), name + ".h5"), QStringList());
    QCOMPARE(wrong(converted(name + ".h5", name + ".blank.pt"), name + ".pt"), QStringList());
}

void TestOrders::refusedByName_data()
{
    QTest::addColumn<std::string>("from");
    QTest::addColumn<std::string>("twin");
    QTest::addColumn<QString>("layer");
    QTest::newRow("a Lambda, to Keras") << std::string("lost.pt") << std::string("lost.blank.h5") << "lost";
    QTest::newRow("a Lambda, to PyTorch") << std::string("lost.h5") << std::string("lost.blank.pt") << "lost";
}

void TestOrders::refusedByName()
{
    QFETCH(std::string, from);
    QFETCH(std::string, twin);
    QFETCH(QString, layer);
    try {
        converted(from, twin);
        QFAIL("converted");
    } catch (const Error& error) {
        const QString text = QString::fromUtf8(error.what());
        QVERIFY2(text.contains(layer), qPrintable(text));
        QVERIFY2(!text.contains("Link its layer first"), qPrintable(text));
    }
}

QTEST_GUILESS_MAIN(TestOrders)
#include "tst_orders.moc"
