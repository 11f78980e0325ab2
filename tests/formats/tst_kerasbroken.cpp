// SPDX-License-Identifier: GPL-3.0-or-later
// Configurations and weights that cannot be, or do not fit. Rows are named by the cases of the catalogue of bad inputs (K01 ...).
#include "core/base/error.h"
#include "kerasfixture.h"

#include <QTest>
#include <algorithm>
#include <optional>

using namespace core;
using namespace core::formats;
using namespace std::string_literals;

namespace {

std::optional<Error> errorOf(const KerasFixture& fixture)
{
    try {
        fixture.open();
    } catch (const Error& error) {
        return error;
    }
    return {};
}

std::string functional(const std::string& nodeOfX, const std::string& nodeOfY)
{
    return R"({"class_name":"Model","config":{"name":"m","layers":[{"class_name":"Flatten","name":"x","config":{"name":"x"},"inbound_nodes":)" +
           nodeOfX + R"(},{"class_name":"Flatten","name":"y","config":{"name":"y"},"inbound_nodes":)" + nodeOfY +
           R"(}],"input_layers":[],"output_layers":[["y",0,0]]}})";
}

const KerasFixture::Layers denseWeights{{"d", {{"d/kernel:0", {4, 3}}, {"d/bias:0", {3}}}}};

}

class TestKerasBroken : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void brokenConfigs_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QString>("id");
        const auto row = [](const char* name, const std::string& config, const char* id) {
            QTest::newRow(name) << QByteArray::fromStdString(config) << id;
        };
        const auto good = sequential("4", dense("d", "\"units\":3"));
        row("K01 cut", good.substr(0, good.size() / 2), "json-malformed");
        row("K01 UTF-16", "\xff\xfe{", "json-malformed");
        row("K01 no object", "[1,2]", "keras-config");
        row("K01 layers no list", R"({"class_name":"Sequential","config":{"layers":3}})", "keras-config");
        row("K01 layer no object", R"({"class_name":"Sequential","config":{"layers":[3]}})", "keras-config");
        row("K02 depth", std::string(100000, '['), "json-depth");
        row("K08 cycle", functional(R"([[["y",0,0,{}]]])", R"([[["x",0,0,{}]]])"), "keras-graph");
        row("K08 dangling", functional(R"([[["z",0,0,{}]]])", R"([[["x",0,0,{}]]])"), "keras-graph");
        row("K08 dangling call", functional("[]", R"([[["x",7,0,{}]]])"), "keras-graph");
        row("K08 same name twice", sequential("4", dense("d", "\"units\":3") + "," + dense("d", "\"units\":3")), "keras-config");
        row("no outputs", R"({"class_name":"Functional","config":{"layers":[]}})", "keras-config");
    }

    void brokenConfigs()
    {
        QFETCH(QByteArray, config);
        QFETCH(QString, id);
        const auto error = errorOf({config.toStdString(), denseWeights});
        QVERIFY(error);
        QCOMPARE(QString::fromStdString(error->id()), id);
        QVERIFY2(!error->file().empty() && !error->found().empty(), error->what());
    }

    // Odd, and still what Python's json reads.
    void oddConfigs_data()
    {
        QTest::addColumn<QByteArray>("rest");
        QTest::newRow("K01 NaN literal") << QByteArray(R"("units":3,"x":NaN,"y":-Infinity)");
        QTest::newRow("K01 duplicate keys") << QByteArray(R"("units":7,"units":3)");
        QTest::newRow("K09 batch_input_shape null") << QByteArray(R"("units":3,"batch_input_shape":null)");
    }

    void oddConfigs()
    {
        QFETCH(QByteArray, rest);
        const auto model = KerasFixture{sequential("4", dense("d", rest.toStdString())), denseWeights}.open();
        QVERIFY2(opOf(model, "d").unsupported.empty(), opOf(model, "d").unsupported.c_str());
        QCOMPARE(opOf(model, "d").attributes.integer("units"), 3);
    }

    void largeInput_data()
    {
        QTest::addColumn<QByteArray>("shape");
        QTest::newRow("K09 2^31") << QByteArray("2147483648,2147483648,4");
        QTest::newRow("K09 2^62") << QByteArray("4611686018427387904,4611686018427387904,4");
        QTest::newRow("K09 negative") << QByteArray("-5,4");
    }

    // Nothing of that size is made: the layer is listed with its weights.
    void largeInput()
    {
        QFETCH(QByteArray, shape);
        const auto model = KerasFixture{sequential(shape.toStdString(), dense("d", R"("units":3)")), denseWeights}.open();
        QCOMPARE(model.layer("d")->parameters.size(), std::size_t{2});
    }

    void layersThatCannotRun_data()
    {
        QTest::addColumn<QByteArray>("layer");
        QTest::addColumn<QString>("why");
        const auto row = [](const char* name, const std::string& layer, const char* why) {
            QTest::newRow(name) << QByteArray::fromStdString(layer) << why;
        };
        row("K03 Lambda", R"({"class_name":"Lambda","config":{"name":"d","function":["4wEAAAA=",null,null]}})", "never run");
        row("K04 Popen", R"({"module":"subprocess","class_name":"Popen","config":{"name":"d","args":"true"},"registered_name":"Popen"})",
            "Popen");
        row("K05 units -1", dense("d", "\"units\":-1"), "units");
        row("K05 units 1e18", dense("d", "\"units\":1e18"), "");
        row("K05 units no number", dense("d", "\"units\":\"many\""), "units");
        const auto conv = [](const std::string& rest) {
            return R"({"class_name":"Conv2D","config":{"name":"d","filters":3,"kernel_size":[1,1])" + rest + "}}";
        };
        row("K05 stride 0", conv(R"(,"strides":[0,0])"), "");
        row("K05 dilation 0", conv(R"(,"dilation_rate":[0,0])"), "");
        row("K05 kernel 0", R"({"class_name":"Conv2D","config":{"name":"d","filters":3,"kernel_size":[0,0]}})", "");
        row("K05 kernel 1e18", R"({"class_name":"Conv2D","config":{"name":"d","filters":3,"kernel_size":[1000000000000000000,1]}})", "");
        row("K05 groups", conv(R"(,"groups":2)"), "");
        row("K06 shape", dense("d", "\"units\":5"), "[4,3]");
        row("K06 input", R"({"class_name":"Flatten","config":{"name":"f"}},)" + dense("d", "\"units\":3"), "");
        row("K10 a third layout", R"({"class_name":"Conv2D","config":{"name":"d","filters":1,"data_format":"channels_between"}})",
            "channels_between");
        row("of no known kind", R"({"class_name":"ConvLSTM2D","config":{"name":"d"}})", "ConvLSTM2D");
    }

    void layersThatCannotRun()
    {
        QFETCH(QByteArray, layer);
        QFETCH(QString, why);
        const QByteArray tag = QTest::currentDataTag();
        const auto shape = tag == "K06 input" ? "3,5" : layer.contains("Conv2D") ? "6,6,4" : "4";
        const auto model = KerasFixture{sequential(shape, layer.toStdString()), denseWeights}.open();
        const auto& op = opOf(model, "d");
        QVERIFY2(!op.unsupported.empty() && QString::fromStdString(op.unsupported).contains(why), op.unsupported.c_str());
        QVERIFY(!model.layer("d")->supported);
        QCOMPARE(model.layer("d")->parameters.size(), std::size_t{2});
        QVERIFY(!model.notes.empty());
    }

    void weightsThatDoNotFit_data()
    {
        QTest::addColumn<int>("row");
        QTest::newRow("K07 H11 missing, left over, named twice, elsewhere") << 0;
    }

    void weightsThatDoNotFit()
    {
        const auto config = sequential("4", dense("d", "\"units\":3") + "," + dense("e", "\"units\":2"));
        auto layers = denseWeights;
        layers.push_back({"stranger", {{"stranger/kernel:0", {2}}}});
        layers.push_back({"e", {{"e/kernel:0", {3, 2}}}});
        KerasFixture fixture{config, layers};
        fixture.extraNames = {"../../../etc/passwd", "/e/kernel:0", "e/kernel:0"};
        const auto model = fixture.open();
        QVERIFY(opOf(model, "d").unsupported.empty());
        QVERIFY(opOf(model, "e").unsupported.find("bias") != std::string::npos);
        QVERIFY(hasNote(model, "keras-weight-absent") && hasNote(model, "keras-weight-twice") && hasNote(model, "keras-weight-left-over"));
        QCOMPARE(model.parameters.size(), std::size_t{3});
    }
};

QTEST_GUILESS_MAIN(TestKerasBroken)
#include "tst_kerasbroken.moc"
