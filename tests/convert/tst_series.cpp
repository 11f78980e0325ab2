// SPDX-License-Identifier: GPL-3.0-or-later
// Twins with the same weights in each framework's own layout (tests/interop/make_series.py): linked as equal, and what either gives the
// other is what the other's framework wrote.
#include "core/convert/convert.h"
#include "core/formats/format.h"
#include "core/session/session.h"

#include <QTest>

using namespace core;

namespace {

std::shared_ptr<const Model> opened(const std::string& file)
{
    return std::make_shared<const Model>(formats::openModel(std::string(TIEOUT_TEST_DATA) + "/kinds/" + file));
}

/// Names of tensors that the conversion would write otherwise than the twin's framework did.
QStringList wrong(const session::Pair& pair, bool toKeras)
{
    const auto& twin = toKeras ? pair.right : pair.left;
    const auto plan = convert::plan(toKeras ? pair.left : pair.right, twin, pair.mapping, toKeras,
                                    toKeras ? formats::kerasH5Writer : formats::stateDictWriter);
    QStringList result;
    for (const auto& [name, tensor] : convert::convertedTensors(plan))
        if (!sameBits(read(twin->parameter(name)->source), tensor))
            result << QString::fromStdString(name);
    for (const Message& warning : plan.warnings)
        if (warning.id == "settings-differ")
            result << QString::fromStdString(warning.text);
    return result;
}

}

class TestSeries : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void twins_data();
    void twins();
};

void TestSeries::twins_data()
{
    QTest::addColumn<std::string>("left");
    QTest::addColumn<std::string>("right");
    for (const std::string name : {"layer_norm", "layer_norm_series", "layer_norm_image", "activations"})
        QTest::newRow(name.c_str()) << name + ".pt" << name + ".h5";
    for (const std::string name : {"layer_norm", "layer_norm_image", "activations"})
        QTest::newRow((name + ", Keras 3").c_str()) << name + ".pt" << name + ".keras3.h5";
}

void TestSeries::twins()
try {
    QFETCH(std::string, left);
    QFETCH(std::string, right);
    const session::Pair pair = session::makePair(opened(left), opened(right));
    std::size_t linked = 0;
    for (const mapping::Link& link : pair.mapping.links)
        for (const mapping::ParameterLink& parameters : link.parameters) {
            QVERIFY2(parameters.equal == true, (parameters.right.front() + " " + parameters.rule).c_str());
            linked += parameters.right.size();
        }
    QCOMPARE(linked, pair.right->parameters.size());
    QCOMPARE(pair.mapping.ambiguous.size(), std::size_t{0});
    QCOMPARE(wrong(pair, true), QStringList());
    QCOMPARE(wrong(pair, false), QStringList());
} catch (const Error& error) {
    QFAIL(error.what());
}

QTEST_GUILESS_MAIN(TestSeries)
#include "tst_series.moc"
