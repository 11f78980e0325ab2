// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "kerasfixture.h"

#include <QDir>
#include <QTest>
#include <set>

using namespace core;
using namespace core::formats;
using namespace std::string_literals;

namespace {

using Weight = KerasFixture::Weight;

constexpr const char* twoInputs2 = R"({"class_name":"Functional","config":{"name":"m","layers":[
 {"class_name":"InputLayer","name":"a","config":{"batch_input_shape":[null,4],"name":"a"},"inbound_nodes":[]},
 {"class_name":"Add","name":"add","config":{"name":"add"},"inbound_nodes":[[["d",0,0,{}],["d",1,0,{}]]]},
 {"class_name":"InputLayer","name":"b","config":{"batch_input_shape":[null,4],"name":"b"},"inbound_nodes":[]},
 {"class_name":"Dense","name":"d","config":{"name":"d","units":3,"activation":"relu"},"inbound_nodes":[[["a",0,0,{}]],[["b",0,0,{}]]]}],
 "input_layers":[["a",0,0],["b",0,0]],"output_layers":[["add",0,0]]}})";

constexpr const char* twoInputs3 = R"({"class_name":"Functional","config":{"name":"m","layers":[
 {"module":"keras.layers","class_name":"InputLayer","name":"a","config":{"batch_shape":[null,4],"name":"a"},"registered_name":null,"inbound_nodes":[]},
 {"module":"keras.layers","class_name":"Add","name":"add","config":{"name":"add"},"inbound_nodes":[{"args":[[
   {"class_name":"__keras_tensor__","config":{"shape":[null,3],"dtype":"float32","keras_history":["d",0,0]}},
   {"class_name":"__keras_tensor__","config":{"shape":[null,3],"dtype":"float32","keras_history":["d",1,0]}}]],"kwargs":{}}]},
 {"module":"keras.layers","class_name":"InputLayer","name":"b","config":{"batch_shape":[null,4],"name":"b"},"inbound_nodes":[]},
 {"module":"keras.layers","class_name":"Dense","name":"d","config":{"name":"d","units":3,"activation":"relu"},"inbound_nodes":[
   {"args":[{"class_name":"__keras_tensor__","config":{"shape":[null,4],"dtype":"float32","keras_history":["a",0,0]}}],"kwargs":{}},
   {"args":[{"class_name":"__keras_tensor__","config":{"shape":[null,4],"dtype":"float32","keras_history":["b",0,0]}}],"kwargs":{}}]}],
 "input_layers":[["a",0,0],["b",0,0]],"output_layers":["add",0,0]}})";

const KerasFixture::Layers denseWeights{{"d", {{"d/kernel:0", {4, 3}}, {"d/bias:0", {3}}}}};

}

class TestKerasReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lenet()
    {
        const auto model = openModel(TIEOUT_SAMPLES "/lenet5.h5");
        QCOMPARE(model.origin.format, "keras-h5"s);
        QCOMPARE(model.origin.content, "model"s);
        QCOMPARE(model.origin.producer, "Keras 2.15.0 (tensorflow)"s);
        QVERIFY(model.wired && model.framework == Framework::Keras);
        QCOMPARE(*model.inputShape, (Shape{28, 28, 1}));
        QCOMPARE(parametersTotal(model), 61706);
        QCOMPARE(model.parameters.front().name, "conv2d/kernel:0"s);
        QCOMPARE(model.parameters.front().source.shape, (Shape{5, 5, 1, 6}));
        QCOMPARE(model.parameters.back().name, "dense_1/bias:0"s);
        QVERIFY(model.parameters.back().trainable.value());
        QCOMPARE(opsText(model),
                 "conv2d_input=input() conv2d:conv2d=conv2d(0) conv2d=tanh(1) average_pooling2d=avgpool2d(2) "
                 "conv2d_1:conv2d=conv2d(3) conv2d_1=tanh(4) average_pooling2d_1=avgpool2d(5) conv2d_2:conv2d=conv2d(6) conv2d_2=tanh(7) "
                 "flatten=flatten(8) dense:linear=linear(9) dense=tanh(10) dense_1:linear=linear(11) dense_1=softmax(12) "s);
        QCOMPARE(model.outputs, std::vector<Output>{13});
        QCOMPARE(model.layers.size(), std::size_t{8});
        QCOMPARE(model.layers[0].kind, "Conv2D"s);
        QCOMPARE(model.layers[0].attributes.integers("kernel_size"), (Ints{5, 5}));
        QVERIFY(model.notes.empty());
        QVERIFY(std::all_of(model.parameters.begin(), model.parameters.end(),
                            [](const Parameter& p) { return std::holds_alternative<FileRegion>(p.source.data); }));
        const auto kernel = read(model.parameters[0].source);
        QCOMPARE(kernel.floats()[0], 0.07919111102819443F); // as h5py reads it
        QCOMPARE(kernel.floats()[149], -0.01416245847940445F);
    }

    void keras3HasTheSameValues()
    {
        const auto two = openModel(TIEOUT_SAMPLES "/lenet5.h5"), three = openModel(TIEOUT_TEST_DATA "/lenet5_keras3.h5");
        QVERIFY(QString::fromStdString(three.origin.producer).startsWith("Keras 3."));
        QCOMPARE(three.ops.size(), two.ops.size());
        for (std::size_t i = 1; i < two.ops.size(); ++i) {
            QCOMPARE(three.ops[i].name, two.ops[i].name);
            QCOMPARE(three.ops[i].kind, two.ops[i].kind);
            QVERIFY(three.ops[i].attributes == two.ops[i].attributes);
            for (const auto& [role, name] : two.ops[i].parameters)
                QVERIFY(sameBits(read(two.parameter(name)->source), read(three.parameter(three.ops[i].parameters.at(role))->source)));
        }
        QCOMPARE(three.parameters.front().name, "sequential/conv2d/kernel"s);
    }

    void everyKindIsSupported_data()
    {
        QTest::addColumn<QString>("path");
        for (const auto& file : QDir(TIEOUT_TEST_DATA "/kinds").entryInfoList({"*.h5"}))
            QTest::newRow(qPrintable(file.fileName())) << file.filePath();
    }

    void everyKindIsSupported()
    {
        QFETCH(QString, path);
        const auto model = openModel(path.toStdString());
        QVERIFY(model.wired && model.inputShape && model.ops.size() > 1);
        for (const auto& op : model.ops)
            QVERIFY2(op.unsupported.empty() && !op.kind.empty(), (op.name + ": " + op.unsupported).c_str());
        for (const auto& note : model.notes)
            QFAIL(note.message.text.c_str());
        for (const auto& parameter : model.parameters) {
            const std::set<std::string> told{"mean", "variance", "count"}; // what training does not learn
            QCOMPARE(parameter.trainable.value(), !told.contains(parameter.role));
        }
    }

    void graphs_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::newRow("Keras 2") << QByteArray(twoInputs2);
        QTest::newRow("Keras 3") << QByteArray(twoInputs3);
    }

    void graphs()
    {
        QFETCH(QByteArray, config);
        const auto model = KerasFixture{config.toStdString(), denseWeights}.open();
        QCOMPARE(opsText(model),
                 "a=input() d:call1:linear=linear(0) d:call1=relu(1) b=input() d:linear=linear(3) d=relu(4) add=add(2,5) "s);
        QCOMPARE(model.outputs, std::vector<Output>{6});
        QCOMPARE(model.layers.size(), std::size_t{4});
        QCOMPARE(opOf(model, "d:linear").parameters.at("kernel"), "d/kernel:0"s);
        QCOMPARE(opOf(model, "d:call1:linear").parameters.at("kernel"), "d/kernel:0"s);
        QVERIFY(model.layer("add")->supported && model.layer("d")->supported);
        QVERIFY(model.notes.empty());
    }

    void activations_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("ops");
        QTest::newRow("none") << QByteArray("null") << QByteArray("d=linear(0) ");
        QTest::newRow("linear") << QByteArray(R"("linear")") << QByteArray("d=linear(0) ");
        QTest::newRow("log_softmax") << QByteArray(R"("log_softmax")") << QByteArray("d:linear=linear(0) d=logsoftmax(1) ");
        QTest::newRow("unknown") << QByteArray(R"("squareplus")") << QByteArray("d:linear=linear(0) d=?(1) ");
        QTest::newRow("layer") << QByteArray(R"({"class_name":"ReLU","config":{}})") << QByteArray("d:linear=linear(0) d=relu(1) ");
        QTest::newRow("function") << QByteArray(R"({"module":"builtins","class_name":"function","config":"my_fn"})")
                                  << QByteArray("d:linear=linear(0) d=?(1) ");
    }

    void activations()
    {
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, ops);
        const auto model =
            KerasFixture{sequential("4", dense("d", "\"units\":3,\"activation\":" + value.toStdString())), denseWeights}.open();
        QCOMPARE(QByteArray::fromStdString(opsText(model)), "in=input() " + ops);
        QCOMPARE(model.layers[0].supported, !ops.contains("?"));
    }

    void weightsByOrderAndFrozen()
    {
        const auto config = sequential("4", dense("d", R"("units":3,"trainable":false)"));
        const auto model = KerasFixture{config, {{"d", {{"Variable", {4, 3}}, {"Variable_1", {3}}}}}}.open();
        QCOMPARE(opOf(model, "d").parameters.at("kernel"), "Variable"s);
        QCOMPARE(opOf(model, "d").parameters.at("bias"), "Variable_1"s);
        QCOMPARE(model.parameters[0].trainable.value(), false);
    }

    void inputShapes_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<bool>("known");
        const auto row = [](const char* name, const std::string& config, bool known) {
            QTest::newRow(name) << QByteArray::fromStdString(config) << known;
        };
        const auto bare = [](const std::string& rest) {
            return R"({"class_name":"Sequential","config":[)" + dense("d", "\"units\":3" + rest) + "]}";
        };
        row("bare list", bare(R"(,"batch_input_shape":[null,4])"), true);
        row("tuple", bare(R"(,"batch_input_shape":{"class_name":"__tuple__","items":[null,4]})"), true);
        row("K09 null", bare(R"(,"batch_input_shape":null)"), false);
        row("K09 none", bare(""), false);
        row("build_input_shape",
            R"({"class_name":"Sequential","config":{"name":"s","build_input_shape":[null,4],"layers":[)" + dense("d", "\"units\":3") +
                "]}}",
            true);
    }

    void inputShapes()
    {
        QFETCH(QByteArray, config);
        QFETCH(bool, known);
        const auto model = KerasFixture{config.toStdString(), denseWeights}.open();
        QCOMPARE(opsText(model), "d_input=input() d=linear(0) "s);
        QCOMPARE(model.inputShape.has_value(), known);
        QVERIFY(!known || *model.inputShape == Shape{4});
    }

    void weightsAlone()
    {
        KerasFixture fixture{"",
                             {{"c", {{"c/kernel:0", {3, 3, 1, 8}}, {"c/bias:0", {8}}}},
                              {"pool", {}},
                              {"bn", {{"bn/gamma:0", {8}}, {"bn/moving_mean:0", {8}}, {"bn/moving_variance:0", {8}}}}}};
        fixture.root = "/";
        const auto model = fixture.open();
        QCOMPARE(model.origin.format, "keras-h5-weights"s);
        QVERIFY(!model.wired);
        QCOMPARE(opsText(model), "c=conv2d() bn=batchnorm() "s);
        QCOMPARE(opOf(model, "c").attributes.integer("filters"), 8);
        QCOMPARE(opOf(model, "c").attributes.integers("kernel"), (Ints{3, 3}));
        QCOMPARE(opOf(model, "bn").attributes.boolean("center"), false);
        QCOMPARE(model.layers.size(), std::size_t{3});
        QVERIFY(!model.parameters[0].trainable && model.parameters[3].trainable == false);
    }
};

QTEST_GUILESS_MAIN(TestKerasReader)
#include "tst_kerasreader.moc"
