// SPDX-License-Identifier: GPL-3.0-or-later
// Models and wrappers as layers, and configurations of Keras 1.
#include "core/formats/keras/graph/nest.h"
#include "core/formats/write.h"
#include "kerasfixture.h"
#include "kerasjson.h"

#include <QTest>

using namespace core;
using namespace core::formats;
using namespace std::string_literals;

namespace {

/// The inner model dense -> flatten is called twice, the second time with its own result; `first` is its first call's number.
std::string twice(int first)
{
    const auto inner = graph(input("i") + "," + layer("Dense", "d", "\"units\":4", "[" + node("i") + "]") + "," +
                                 layer("Flatten", "f", "", "[" + node("d") + "]"),
                             "i", "f");
    const auto nested = R"({"class_name":"Functional","name":"sub","config":{"name":"sub",)" + inner + R"(},"inbound_nodes":[[)" +
                        node("x") + "],[" + node("sub", first) + "]]}";
    return model("top", graph(input("x") + "," + nested + "," + layer("Dense", "last", "\"units\":2", "[" + node("sub", first + 1) + "]"),
                              "x", "last"));
}

const KerasFixture::Layers twiceWeights{
    {"x", {}}, {"sub", {{"d/kernel:0", {4, 4}}, {"d/bias:0", {4}}}}, {"last", {{"last/kernel:0", {4, 2}}, {"last/bias:0", {2}}}}};

std::string idOf(const std::string& config)
{
    try {
        flattened(parseKerasConfig(config, "test"), "test");
    } catch (const Error& error) {
        return error.id();
    }
    return {};
}

}

class TestKerasNested : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void calledTwice_data()
    {
        QTest::addColumn<int>("first");
        QTest::newRow("Keras 2 counts from 1") << 1;
        QTest::newRow("Keras 3 counts from 0") << 0;
    }

    void calledTwice()
    {
        QFETCH(int, first);
        const auto opened = KerasFixture{twice(first), twiceWeights}.open();
        QCOMPARE(opsText(opened),
                 "x=input() sub/d:call1=linear(0) sub/f:call1=flatten(1) sub/d=linear(2) sub/f=flatten(3) last=linear(4) "s);
        QCOMPARE(opened.outputs, std::vector<Output>{5});
        QCOMPARE(opened.layers.size(), std::size_t{4});
        QVERIFY(!opened.layer("sub") && opened.layer("sub/f")->supported);
        QCOMPARE(opOf(opened, "sub/d").parameters.at("kernel"), "d/kernel:0"s);
        QCOMPARE(opOf(opened, "sub/d:call1").parameters.at("kernel"), "d/kernel:0"s);
        QVERIFY(opened.notes.empty());
    }

    void writtenWithoutSlashes() // which Keras 3 refuses in a layer's name
    {
        const auto inner = graph(input("i") + "," + layer("Dense", "d", "\"units\":4", "[" + node("i") + "]"), "i", "d");
        const auto nested = R"({"class_name":"Functional","name":"sub","config":{"name":"sub",)" + inner + R"(},"inbound_nodes":[[)" +
                            node("x") + "],[" + node("sub") + "]]}";
        const auto config =
            model("top", graph(input("x") + "," + nested + "," + layer("Dense", "sub_d", "\"units\":4", "[" + node("sub", 1) + "]"), "x",
                               "sub_d"));
        const auto opened =
            KerasFixture{
                config,
                {{"x", {}}, {"sub", {{"d/kernel:0", {4, 4}}, {"d/bias:0", {4}}}}, {"sub_d", {{"o/kernel:0", {4, 4}}, {"o/bias:0", {4}}}}}}
                .open();
        QCOMPARE(opsText(opened), "x=input() sub/d:call1=linear(0) sub/d=linear(1) sub_d=linear(2) "s);
        NamedTensors values;
        for (const auto& parameter : opened.parameters)
            values.emplace_back(parameter.name, read(parameter.source));
        QTemporaryDir folder;
        const auto path = folder.filePath("out.h5").toStdString();
        writeKerasH5(path, opened, values);
        const auto again = openModel(path);
        QCOMPARE(opsText(again), "x=input() sub_d_:call1=linear(0) sub_d_=linear(1) sub_d=linear(2) "s);
        QVERIFY(again.notes.empty());
        QCOMPARE(opOf(again, "sub_d_").parameters.at("kernel"), "d/kernel:0"s);
        QCOMPARE(opOf(again, "sub_d").parameters.at("kernel"), "o/kernel:0"s);
        for (const auto& parameter : again.parameters)
            QVERIFY(sameBits(read(parameter.source), read(opened.parameter(parameter.name)->source)));
    }

    void sequentialInSequential()
    {
        const auto inner = R"({"class_name":"Sequential","config":{"name":"head","layers":[)" +
                           dense("h", R"("units":3,"batch_input_shape":[null,4])") + "]}}";
        const auto config = R"({"class_name":"Sequential","config":{"name":"s","layers":[)" + inner + "," +
                            dense("t", R"("units":2,"activation":"tanh")") + "]}}";
        const auto opened =
            KerasFixture{config,
                         {{"head", {{"head/h/kernel", {4, 3}}, {"head/h/bias", {3}}}}, {"t", {{"s/t/kernel", {3, 2}}, {"s/t/bias", {2}}}}},
                         "3.15.1"}
                .open();
        QCOMPARE(opsText(opened), "head_input=input() head/h=linear(0) t:linear=linear(1) t=tanh(2) "s);
        QCOMPARE(*opened.inputShape, Shape{4});
        QCOMPARE(opOf(opened, "head/h").parameters.at("kernel"), "head/h/kernel"s);
        QVERIFY(opened.notes.empty());
    }

    void wrappers_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("weight");
        QTest::addColumn<QByteArray>("owner");
        const QByteArray distributed =
            R"({"class_name":"TimeDistributed","config":{"name":"w","layer":{"class_name":"Dense","config":{"name":"in"}}}})";
        const QByteArray both =
            R"({"class_name":"Bidirectional","config":{"name":"w","layer":{"class_name":"LSTM","config":{"name":"r"}}}})";
        const QByteArray model =
            R"({"class_name":"TimeDistributed","config":{"name":"w","layer":{"class_name":"Sequential","config":{"name":"m","layers":[)"
            R"({"class_name":"Dense","config":{"name":"p"}},{"class_name":"Dense","config":{"name":"q"}}]}}}})";
        QTest::newRow("TimeDistributed, Keras 2") << distributed << QByteArray("w/kernel:0") << QByteArray("w");
        QTest::newRow("TimeDistributed, Keras 3") << distributed << QByteArray("w/in/kernel") << QByteArray("w");
        QTest::newRow("Bidirectional, forward") << both << QByteArray("w/forward_r/lstm_cell/kernel:0") << QByteArray("w");
        QTest::newRow("Bidirectional, backward") << both << QByteArray("w/backward_r/lstm_cell/kernel:0") << QByteArray("w");
        QTest::newRow("a model in it") << model << QByteArray("q/kernel:0") << QByteArray("w/m/q");
    }

    void wrappers()
    {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, weight);
        QFETCH(QByteArray, owner);
        const auto opened = KerasFixture{sequential("5,4", config.toStdString()), {{"w", {{weight.toStdString(), {4, 3}}}}}}.open();
        QCOMPARE(opened.layers.front().name, "w"s);
        QVERIFY(opened.layer(owner.toStdString()));
        QCOMPARE(opened.parameters.at(0).layer, owner.toStdString());
        QCOMPARE(opened.parameters.at(0).role, "kernel"s);
        QCOMPARE(opened.layers.size(), owner == "w" ? 1UL : 3UL);
        QVERIFY(!opened.layer("w")->supported); // weights are missing, or a model is no plain layer
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QString>("id");
        const auto row = [](const char* name, const std::string& config, const char* id) {
            QTest::newRow(name) << QByteArray::fromStdString(config) << id;
        };
        // Each level calls the one below twice: 2^25 calls in a text of some kilobytes.
        auto doubled = graph(input("i") + "," + layer("Flatten", "f", "", "[" + node("i") + "]"), "i", "f");
        for (int level = 0; level < 25; ++level)
            doubled = graph(input("i") + "," + R"({"class_name":"Functional","name":"s","config":{"name":"s",)" + doubled +
                                R"(},"inbound_nodes":[[)" + node("i") + "],[" + node("s") + "]]}," +
                                layer("Add", "a", "", "[" + node("s") + "," + node("s", 1) + "]"),
                            "i", "a");
        row("K08 2^25 calls", model("top", doubled), "keras-graph");
        auto deep = R"({"class_name":"Flatten","config":{"name":"f"}})"s;
        for (int level = 0; level < 1000; ++level)
            deep = R"({"class_name":"Sequential","config":{"name":"s","layers":[)" + deep + "]}}";
        row("K08 1000 deep", deep, "json-depth");
        const auto identity = R"({"class_name":"Functional","name":"same","config":{"name":"same",)" + graph(input("i"), "i", "i") +
                              R"(},"inbound_nodes":[[)" + node("same") + "]]}";
        row("K08 a model that feeds itself", model("top", graph(input("x") + "," + identity, "x", "same")), "keras-graph");
        row("K08 fewer arguments than inputs",
            model("top", graph(input("x") + R"(,{"class_name":"Functional","name":"s","config":{"name":"s",)" +
                                   graph(input("i") + "," + layer("Flatten", "f", "", "[" + node("i") + "]"), "i", "f") + "}}",
                               "x", "s")),
            "keras-graph");
    }

    void refused()
    {
        QFETCH(QByteArray, config);
        QFETCH(QString, id);
        QCOMPARE(QString::fromStdString(idOf(config.toStdString())), id);
    }

    void manyLayers_data()
    {
        QTest::addColumn<int>("row");
        QTest::newRow("K08 10^5 layers") << 0;
    }

    void manyLayers()
    {
        std::string layers;
        for (int i = 0; i < 100'000; ++i)
            layers += (i ? "," : "") + strange("l" + std::to_string(i));
        const auto opened = KerasFixture{sequential("4", layers), {}}.open();
        QCOMPARE(opened.layers.size(), std::size_t{100'000});
        QCOMPARE(opened.notes.size(), std::size_t{1}); // one for all that say the same
        QVERIFY(opened.notes[0].message.text.find(". The same of 99999 more: l1, l2, l3, ...") != std::string::npos);
    }

    void theanoKernelsAreTurned()
    {
        const auto opened =
            KerasFixture{
                sequential("6,6,1", convolution1("tf", "valid").toStdString()), {{"c", {{"c_W", {3, 3, 1, 2}}, {"c_b", {2}}}}}, "1.2.2", ""}
                .open();
        const Tensor turned = read(opened.parameters[0].source), stored = read(asStored(opened).parameters[0].source);
        QCOMPARE(turned.shape(), stored.shape());
        for (std::size_t i = 0; i < 9; ++i)
            for (std::size_t filter = 0; filter < 2; ++filter)
                QCOMPARE(turned.floats()[2 * i + filter], stored.floats()[2 * (8 - i) + filter]);
        QCOMPARE(read(opened.parameters[1].source).floats()[1], read(asStored(opened).parameters[1].source).floats()[1]);
    }

    void keras1_data()
    {
        QTest::addColumn<QByteArray>("layer");
        QTest::addColumn<QString>("suffix");
        QTest::addColumn<QString>("why");
        QTest::newRow("convolution") << convolution1("tf", "same") << ":0"
                                     << "";
        QTest::newRow("K10 Theano pads otherwise") << convolution1("tf", "same").replace("[1,1]", "[2,2]") << ""
                                                   << "Theano padded";
        QTest::newRow("K10 full padding") << convolution1("tf", "full") << ":0"
                                          << "full";
    }

    void keras1()
    {
        QFETCH(QByteArray, layer);
        QFETCH(QString, suffix);
        QFETCH(QString, why);
        const auto end = suffix.toStdString();
        const auto opened =
            KerasFixture{sequential("6,6,1", layer.toStdString()), {{"c", {{"c_W" + end, {3, 3, 1, 2}}, {"c_b" + end, {2}}}}}, "1.2.2", ""}
                .open();
        const auto& op = opOf(opened, "c");
        QVERIFY2(op.unsupported.empty() == why.isEmpty() && QString::fromStdString(op.unsupported).contains(why), op.unsupported.c_str());
        QCOMPARE(opened.layers[0].kind, "Convolution2D"s);
        QCOMPARE(opened.parameters[0].role, "kernel"s);
        if (why.isEmpty()) {
            QCOMPARE(op.kind, "conv2d"s);
            QCOMPARE(op.attributes.string("padding"), "same"s);
            QCOMPARE(op.parameters.at("bias"), "c_b:0"s);
            QVERIFY(opened.notes.empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestKerasNested)
#include "tst_kerasnested.moc"
