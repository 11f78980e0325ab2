// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/formats/keras/graph/graph.h"
#include "core/formats/keras/graph/order.h"
#include "core/formats/keras/write/architecture.h"
#include "kerasfixture.h"

#include <QDir>
#include <QTest>
#include <optional>

using namespace core;
using namespace core::formats;
using namespace std::string_literals;

namespace {

NamedTensors valuesOf(const Model& model)
{
    NamedTensors tensors;
    for (const auto& parameter : model.parameters)
        tensors.emplace_back(parameter.name, read(parameter.source));
    return tensors;
}

Model rewritten(const Model& model)
{
    QTemporaryDir folder;
    const auto path = folder.filePath("out.h5").toStdString();
    writeKerasH5(path, model, valuesOf(model));
    return openModel(path);
}

std::optional<Error> errorOf(const std::string& path, const Model& model, const NamedTensors& tensors)
{
    try {
        writeKerasH5(path, model, tensors);
    } catch (const Error& error) {
        return error;
    }
    return {};
}

std::string classes(const Json& config)
{
    std::string text;
    for (const auto& layer : config.at("config").at("layers"))
        text += layer.at("class_name").get<std::string>() + " ";
    return text;
}

void compareModels(const Model& a, const Model& b)
{
    QCOMPARE(a.layers.size(), b.layers.size());
    for (std::size_t i = 0; i < a.layers.size(); ++i) {
        QCOMPARE(a.layers[i].name, b.layers[i].name);
        QCOMPARE(a.layers[i].kind == "EinsumDense" ? "Dense" : a.layers[i].kind, b.layers[i].kind); // of those equations that are one
        QCOMPARE(a.layers[i].parameters, b.layers[i].parameters);
    }
    QCOMPARE(a.ops.size(), b.ops.size());
    for (std::size_t i = 0; i < a.ops.size(); ++i) {
        QCOMPARE(a.ops[i].name, b.ops[i].name);
        QCOMPARE(a.ops[i].kind, b.ops[i].kind);
        QVERIFY2(a.ops[i].attributes == b.ops[i].attributes, a.ops[i].name.c_str());
        QCOMPARE(a.ops[i].inputs, b.ops[i].inputs);
        QVERIFY(a.ops[i].parameters == b.ops[i].parameters);
    }
    QCOMPARE(a.outputs, b.outputs);
    QVERIFY(a.inputShape == b.inputShape);
    QCOMPARE(a.parameters.size(), b.parameters.size());
    for (std::size_t i = 0; i < a.parameters.size(); ++i) {
        QCOMPARE(a.parameters[i].name, b.parameters[i].name);
        QVERIFY(sameBits(read(a.parameters[i].source), read(b.parameters[i].source)));
    }
}

// in -> a, shared; c = shared(in) + a; d = shared(c); e; f = (a); g = f + e + in; h = (in); in2 -> i; j = g + i; outputs h, j.
constexpr const char* branches =
    R"([["in",[]],["a",[["in",0]]],["shared",[["in",0]],[["c",0]]],["c",[["shared",0],["a",0]]],["e",[["shared",1]]],["f",[["a",0]]],
 ["g",[["f",0],["e",0],["in",0]]],["h",[["in",0]]],["in2",[]],["i",[["in2",0]]],["j",[["g",0],["i",0]]]])";

KerasGraph branchedGraph(bool backwards)
{
    KerasGraph graph;
    for (const auto& entry : parseJson(branches, "test")) {
        KerasLayer layer{"Dense", entry[0].get<std::string>(), Json::object(), {}};
        for (std::size_t i = 1; i < entry.size() && !entry[i].empty(); ++i) {
            layer.calls.emplace_back();
            for (const auto& tensor : entry[i])
                layer.calls.back().push_back({tensor[0].get<std::string>(), tensor[1].get<std::size_t>(), 0});
        }
        graph.layers.push_back(layer);
    }
    if (backwards)
        std::reverse(graph.layers.begin(), graph.layers.end());
    graph.outputs = {{"h", 0, 0}, {"j", 0, 0}};
    return graph;
}

}

class TestKerasWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrip_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("lenet5") << TIEOUT_SAMPLES "/lenet5.h5";
        QTest::newRow("lenet5, Keras 3") << TIEOUT_TEST_DATA "/lenet5_keras3.h5";
        for (const auto& file : QDir(TIEOUT_TEST_DATA "/kinds").entryInfoList({"*.h5"}))
            if (!handsOnStates(file.fileName()))
                QTest::newRow(qPrintable(file.fileName())) << file.filePath();
    }

    /// Networks with a layer whose states another one takes, which is refused.
    static bool handsOnStates(const QString& name) { return name.endsWith("_settings.h5"); }

    void statesAreRefused()
    {
        for (const char* name : {"lstm", "gru", "rnn"}) {
            const auto model = openModel(std::string(TIEOUT_TEST_DATA "/kinds/") + name + "_settings.h5");
            QVERIFY_THROWS_EXCEPTION(Error, kerasArchitecture(model));
        }
    }

    void roundTrip()
    {
        QFETCH(QString, path);
        const auto model = openModel(path.toStdString());
        const auto again = rewritten(model);
        QCOMPARE(again.origin.producer, "Keras 2.15.0 (tensorflow)"s);
        QVERIFY(again.notes.empty());
        compareModels(model, again);
    }

    void branchesAndSharedLayers()
    {
        const auto config = R"({"class_name":"Functional","config":{"name":"m","layers":[
 {"class_name":"InputLayer","name":"a","config":{"batch_input_shape":[null,4],"name":"a"},"inbound_nodes":[]},
 {"class_name":"InputLayer","name":"b","config":{"batch_input_shape":[null,4],"name":"b"},"inbound_nodes":[]},
 {"class_name":"Dense","name":"d","config":{"name":"d","units":3,"activation":"relu"},"inbound_nodes":[[["a",0,0,{}]],[["b",0,0,{}]]]},
 {"class_name":"Concatenate","name":"join","config":{"name":"join","axis":-1},"inbound_nodes":[[["d",0,0,{}],["d",1,0,{}]]]}],
 "input_layers":[["a",0,0],["b",0,0]],"output_layers":[["join",0,0]]}})";
        const auto model = KerasFixture{config, {{"d", {{"d/kernel:0", {4, 3}}, {"d/bias:0", {3}}}}}}.open();
        const auto written = kerasArchitecture(model);
        QCOMPARE(written.config.at("class_name").get<std::string>(), "Model"s);
        QCOMPARE(classes(written.config), "InputLayer InputLayer Dense Concatenate "s);
        QCOMPARE(written.layerNames, (std::vector<std::string>{"a", "b", "d", "join"}));
        compareModels(model, rewritten(model));
    }

    void layerOrderIsKeras_data()
    {
        QTest::addColumn<bool>("backwards");
        QTest::newRow("in order") << false;
        QTest::newRow("backwards") << true;
    }

    void layerOrderIsKeras() // as keras.Model([in2, in], [h, j]).layers of Keras 2.15 has it
    {
        QFETCH(bool, backwards);
        const auto graph = branchedGraph(backwards);
        std::vector<std::size_t> inputs;
        for (std::size_t i = 0; i < graph.layers.size(); ++i)
            if (graph.layers[i].name.starts_with("in"))
                inputs.push_back(i);
        std::string names;
        for (const auto layer : kerasLayerOrder(computationOrder(graph, "test"), graph.layers.size(), inputs))
            names += graph.layers[layer].name + " ";
        QCOMPARE(names, "in a shared c f e in2 g i h j "s);
    }

    void unknownKindsKeepTheirConfig()
    {
        const auto lstm =
            R"({"class_name":"LSTM","config":{"name":"l","units":2,"time_major":false,"implementation":2,"kernel_initializer":{"class_name":"X","config":{}}}},)"
            R"({"class_name":"SpatialDropout1D","config":{"name":"s","trainable":true,"rate":0.5,"dtype":{"class_name":"Policy"}}})"s;
        const auto model =
            KerasFixture{
                sequential("3,4", lstm),
                {{"l", {{"l/lstm_cell/kernel:0", {4, 8}}, {"l/lstm_cell/recurrent_kernel:0", {2, 8}}, {"l/lstm_cell/bias:0", {8}}}}}}
                .open();
        const auto layers = kerasArchitecture(model).config.at("config").at("layers");
        QCOMPARE(layers[1].at("class_name").get<std::string>(), "LSTM"s);
        QCOMPARE(QString::fromStdString(dumpJson(layers[1].at("config"), -1)),
                 QString(R"({"name":"l","dtype":"float32","units":2,"implementation":2})"));
        QCOMPARE(QString::fromStdString(dumpJson(layers[2].at("config"), -1)), QString(R"({"name":"s","dtype":"float32","rate":0.5})"));
        compareModels(model, rewritten(model));
    }

    void ownClassesKeepTheirNames_data()
    {
        QTest::addColumn<std::string>("json");
        QTest::addColumn<std::string>("written");
        const auto row = [](const char* name, const std::string& before, const std::string& after, const std::string& written) {
            QTest::newRow(name) << "{" + before + R"(,"config":{"name":"g","gain":2})" + after + "}" << written;
        };
        row("registered, .h5", R"("class_name":"Mine>Gain")", "", "keras.layers Mine>Gain Mine>Gain");
        row("registered, .keras", R"("module":"net","class_name":"Gain")", R"(,"registered_name":"Mine>Gain")",
            "keras.layers Mine>Gain Mine>Gain");
        row("registered, called like Keras' own", R"("module":null,"class_name":"Dense")", R"(,"registered_name":"Mine>Dense")",
            "keras.layers Mine>Dense Mine>Dense");
        row("of a module", R"("module":"net.layers","class_name":"Dense")", R"(,"registered_name":"Dense")", "net.layers Dense Dense");
        row("of a script", R"("module":null,"class_name":"Dense")", R"(,"registered_name":"Dense")", "__main__ Dense Dense");
        row("given as a custom object, .h5", R"("class_name":"Gain")", "", "keras.layers Gain Gain");
    }

    void ownClassesKeepTheirNames()
    {
        QFETCH(const std::string, json);
        QFETCH(const std::string, written);
        const auto naming = [](const Json& object) {
            return object.at("module").get<std::string>() + " " + object.at("class_name").get<std::string>() + " " +
                   object.at("registered_name").get<std::string>();
        };
        const Model alone = KerasFixture{sequential("4", json), {}}.open();
        const Json layers = kerasArchitecture(alone).config.at("config").at("layers");
        QCOMPARE(naming(layers.at(1)), written);
        QCOMPARE(layers.at(1).at("config").at("gain").get<int>(), 2);
        QCOMPARE(rewritten(alone).layers.at(0).kind, alone.layers.at(0).kind);
    }

    void manyLayersSplitTheirNames() // H12
    {
        Model model = KerasFixture{sequential("4", dense("d", "\"units\":4")), {{"d", {{"d/kernel:0", {4, 4}}, {"d/bias:0", {4}}}}}}.open();
        for (int i = 0; i < 5000; ++i) {
            const auto name = "a" + std::to_string(i);
            model.layers.push_back({name, "Activation", {}, {}, true});
            Op op;
            op.name = op.layer = name;
            op.kind = "relu";
            op.inputs = {static_cast<int>(model.ops.size()) - 1};
            model.ops.push_back(op);
        }
        model.outputs = {static_cast<int>(model.ops.size()) - 1};
        QCOMPARE(rewritten(model).layers.size(), std::size_t{5001});
    }

    void configsThatBothGenerationsLoad()
    {
        const auto config = kerasArchitecture(openModel(TIEOUT_TEST_DATA "/lenet5_keras3.h5")).config;
        QCOMPARE(config.at("module").get<std::string>(), "keras"s);
        const auto& layers = config.at("config").at("layers");
        QCOMPARE(layers[0].at("class_name").get<std::string>(), "InputLayer"s);
        QCOMPARE(dumpJson(layers[0].at("config").at("batch_input_shape"), -1), "[null,28,28,1]"s);
        QCOMPARE(layers[1].at("config").at("activation").get<std::string>(), "tanh"s);
        for (const auto& layer : layers) {
            QCOMPARE(layer.at("module").get<std::string>(), "keras.layers"s);
            QCOMPARE(layer.at("config").at("dtype").get<std::string>(), "float32"s);
            QVERIFY(!layer.at("config").contains("batch_shape"));
        }
    }

    void failures()
    {
        QTemporaryDir folder;
        const auto model = openModel(TIEOUT_TEST_DATA "/kinds/conv_stride.h5");
        auto tensors = valuesOf(model);
        const auto target = folder.filePath("out.h5").toStdString();
        QCOMPARE(errorOf(folder.filePath("no/such/folder.h5").toStdString(), model, tensors)->id(), "file-write"s);
        auto strange = model;
        strange.layers.back().attributes = {};
        strange.ops.back().kind.clear();
        QCOMPARE(errorOf(target, strange, tensors)->id(), "keras-write"s);
        tensors.pop_back();
        QCOMPARE(errorOf(target, model, tensors)->id(), "keras-write"s);
        QVERIFY(QDir(folder.path()).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestKerasWriter)
#include "tst_keraswriter.moc"
