// SPDX-License-Identifier: GPL-3.0-or-later
// Whose classes and functions a Keras configuration names, and what its calls are given.
#include "core/formats/keras/config/owner.h"
#include "core/formats/keras/write/architecture.h"
#include "kerasfixture.h"
#include "kerasjson.h"

#include <QTest>

using namespace core;
using namespace core::formats;
using namespace std::string_literals;

namespace {

/// A Dense of 4 to 4 as the configuration says it, behind an input.
Model withDense(const std::string& json)
{
    return KerasFixture{sequential("4", json), {{"d", {{"d/kernel:0", {4, 4}}, {"d/bias:0", {4}}}}}}.open();
}

std::string object(const std::string& className, const std::string& before, const std::string& after,
                   const std::string& activation = "\"linear\"")
{
    return "{" + before + R"("class_name":")" + className + R"(","config":{"name":"d","units":4,"activation":)" + activation + "}" + after +
           "}";
}

/// An operator behind the input "in", called as `nodes` say.
Model withOperator(const std::string& className, const std::string& config, const std::string& nodes, const std::string& module = {})
{
    std::string op = layer(className, "op", config, nodes);
    if (!module.empty())
        op.insert(1, R"("module":")" + module + "\",");
    return KerasFixture{model("m", graph(input("in") + "," + op, "in", "op")), {}}.open();
}

}

class TestKerasClasses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void owners_data();
    void owners();
    void activations_data();
    void activations();
    void wrapped();
    void foreignModels();
    void operators_data();
    void operators();
    void wholeNumbers();
    void writtenOperators();
    void writtenKeywords();
    void writtenDots();
    void lambdaIsCode();
    void calledAsInTraining();
    void namedInputs_data();
    void namedInputs();
    void maskOfALayerThatTakesNone();
    void secondOutput();
};

void TestKerasClasses::owners_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char* name, const std::string& json, const char* reason) {
        QTest::newRow(name) << QByteArray::fromStdString(json) << QByteArray(reason);
    };
    row("Keras 2, .h5", object("Dense", "", ""), "");
    row("Keras 2, .keras", object("Dense", R"("module":"keras.layers",)", R"(,"registered_name":null)"), "");
    row("Keras 3, sources", object("Dense", R"("module":"keras.src.layers.core.dense",)", R"(,"registered_name":"Dense")"), "");
    row("tf_keras", object("Dense", R"("module":"tf_keras.src.layers",)", ""), "");
    row("tensorflow", object("Dense", R"("module":"tensorflow.python.keras.layers.core",)", ""), "");
    row("module null", object("Dense", R"("module":null,)", R"(,"registered_name":null)"), "");
    row("package, .keras", object("Dense", R"("module":null,)", R"(,"registered_name":"custom_pkg>Dense")"),
        "Dense of the package custom_pkg");
    row("package, .h5", object("custom_pkg>Dense", "", ""), "Dense of the package custom_pkg");
    row("not registered", object("Dense", R"("module":null,)", R"(,"registered_name":"Dense")"), "Dense of the user's own code");
    row("another module", object("Dense", R"("module":"kerastuner.layers",)", ""), "Dense of the package kerastuner.layers");
}

void TestKerasClasses::owners()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, reason);
    const Model model = withDense(json.toStdString());
    const Op& op = opOf(model, "d");
    QCOMPARE(op.kind, reason.isEmpty() ? "linear"s : ""s);
    QCOMPARE(op.unsupported.empty(), reason.isEmpty());
    QVERIFY2(op.unsupported.find(reason.toStdString()) != std::string::npos, op.unsupported.c_str());
    QCOMPARE(model.layer("d")->supported, reason.isEmpty());
    QCOMPARE(model.layer("d")->parameters.size(), std::size_t{2});
}

void TestKerasClasses::activations_data()
{
    QTest::addColumn<QByteArray>("activation");
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("a name") << QByteArray("\"tanh\"") << QByteArray("tanh") << QByteArray();
    QTest::newRow("a layer") << QByteArray(R"({"module":"keras.layers","class_name":"ReLU","config":{"name":"r"},"registered_name":null})")
                             << QByteArray("relu") << QByteArray();
    QTest::newRow("a function of a package")
        << QByteArray(R"({"module":"builtins","class_name":"function","config":"fn>tanh","registered_name":"function"})") << QByteArray()
        << QByteArray("tanh of the package fn");
    QTest::newRow("a function of a script")
        << QByteArray(R"({"module":"builtins","class_name":"function","config":"tanh","registered_name":"function"})") << QByteArray()
        << QByteArray("tanh of the user's own code");
    QTest::newRow("a layer of a package")
        << QByteArray(R"({"module":null,"class_name":"ReLU","config":{"name":"r"},"registered_name":"pkg>ReLU"})") << QByteArray()
        << QByteArray("ReLU of the package pkg");
}

void TestKerasClasses::activations()
{
    QFETCH(QByteArray, activation);
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, reason);
    for (const std::string className : {"Dense", "Activation"}) {
        const bool isDense = className == "Dense";
        const std::string json = object(className, "", "", activation.toStdString());
        const Model model = isDense ? withDense(json) : KerasFixture{sequential("4", json), {}}.open();
        const Op& op = opOf(model, "d");
        QCOMPARE(op.kind, kind.toStdString());
        QVERIFY2(op.unsupported.find(reason.toStdString()) != std::string::npos, op.unsupported.c_str());
        QCOMPARE(op.unsupported.empty(), reason.isEmpty());
    }
}

void TestKerasClasses::wrapped()
{
    const std::string inner = object("Dense", R"("module":null,)", R"(,"registered_name":"custom_pkg>Dense")");
    const Model model = KerasFixture{sequential("3,4", R"({"class_name":"TimeDistributed","config":{"name":"t","layer":)" + inner + "}}"),
                                     {{"t", {{"t/kernel:0", {4, 4}}, {"t/bias:0", {4}}}}}}
                            .open();
    QCOMPARE(model.layer("t/d")->kind, "custom_pkg>Dense"s);
    const std::string nested = R"({"class_name":"Sequential","config":{"name":"n","layers":[)" + inner + "]}}";
    QCOMPARE(opOf(KerasFixture{sequential("4", nested), {}}.open(), "n/d").kind, ""s);
}

void TestKerasClasses::foreignModels()
{
    const auto notes = [](std::string config) {
        const Model model = KerasFixture{std::move(config), {}}.open();
        return std::count_if(model.notes.begin(), model.notes.end(),
                             [](const Note& note) { return note.message.id == "keras-foreign-model"; });
    };
    const std::string own = sequential("4", dense("d", "\"units\":3"));
    QCOMPARE(notes(own), 0);
    QCOMPARE(notes("{\"module\":\"zoo.models\"," + own.substr(1)), 1);
    const std::string functional =
        model("m", graph(input("in") + "," + layer("Dense", "d", "\"units\":3", "[" + node("in") + "]"), "in", "d"));
    QCOMPARE(notes(functional), 0);
    QCOMPARE(notes(R"({"class_name":"Zoo",)" + functional.substr(functional.find("\"config\""))), 1);
}

void TestKerasClasses::operators_data()
{
    QTest::addColumn<QByteArray>("className");
    QTest::addColumn<QByteArray>("module");
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("node");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("why");
    const auto row = [](const char* name, const char* className, const char* module, const char* config, const std::string& node,
                        const char* key, const char* value, const char* why) {
        QTest::newRow(name) << QByteArray(className) << QByteArray(module) << QByteArray(config) << QByteArray::fromStdString(node)
                            << QByteArray(key) << QByteArray(value) << QByteArray(why);
    };
    const char* transpose = R"("function":"compat.v1.transpose")";
    row("a list", "TFOpLambda", "", transpose, R"(["in",0,0,{"perm":[0,1],"name":null}])", "perm", "[0,1]", "");
    row("a constant first", "TFOpLambda", "", R"("function":"math.subtract")", R"(["_CONSTANT_VALUE",-1,1.5,{"y":["in",0,0]}])",
        "argument 1", "1.5", "");
    row("a tensor by name", "TFOpLambda", "", R"("function":"math.subtract")", R"(["_CONSTANT_VALUE",-1,1.5,{"y":["in",0,0]}])", "y", "in",
        "");
    row("a slice", "SlicingOpLambda", "", R"("function":"__operators__.getitem")",
        R"(["in",0,0,{"slice_spec":[{"class_name":"__ellipsis__"},{"start":null,"stop":1,"step":null},null,{"start":4,"stop":null,"step":-1}]}])",
        "slice_spec", "[..., :1, None, 4::-1]", "a step of -1");
    row("Keras 3", "Multiply", "keras.src.ops.numpy", "\"dtype\":null", R"({"args":[)" + tensorJson("in") + R"(,2],"kwargs":{}})",
        "argument 2", "2", "");
    row("Keras 3, a slice", "GetItem", "keras.src.ops.numpy", "\"dtype\":null",
        R"({"args":[)" + tensorJson("in") +
            R"(,[{"class_name":"__ellipsis__","config":{}},{"class_name":"__slice__","config":{"start":null,"stop":1,"step":null}}]],"kwargs":{}})",
        "argument 2", "[..., :1]", "");
    row("a class name of layers", "Softmax", "keras.src.ops.nn", "\"axis\":1", R"({"args":[)" + tensorJson("in") + R"(],"kwargs":{}})",
        "axis", "1", "");
    row("one that is not known", "TFOpLambda", "", R"("function":"roll")", R"(["in",0,0,{"shift":2,"axis":1}])", "shift", "2",
        "the operator tf.roll");
    row("of Keras 3, not known", "Roll", "keras.src.ops.numpy", "\"shift\":2", R"({"args":[)" + tensorJson("in") + R"(],"kwargs":{}})",
        "shift", "2", "the operator Roll");
}

void TestKerasClasses::operators()
{
    QFETCH(QByteArray, className);
    QFETCH(QByteArray, module);
    QFETCH(QByteArray, config);
    QFETCH(QByteArray, node);
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, why);
    const Model model = withOperator(className.toStdString(), config.toStdString(), node.toStdString(), module.toStdString());
    const Op& op = opOf(model, "op");
    QCOMPARE(op.kind.empty(), !why.isEmpty());
    QVERIFY2(op.unsupported.empty() == why.isEmpty() && op.unsupported.find(why.toStdString()) != std::string::npos,
             op.unsupported.c_str());
    const auto& attributes = model.layer("op")->attributes;
    QVERIFY(attributes.has(key.toStdString()));
    for (const auto& [name, shown] : attributes)
        if (name == key.toStdString())
            QCOMPARE(text(shown), value.toStdString());
}

/// TensorFlow computes otherwise with whole numbers than with floats; a cast makes floats of them.
void TestKerasClasses::wholeNumbers()
{
    const auto lambda = [](const char* name, const char* function, const char* node) {
        return layer("TFOpLambda", name, std::string(R"("function":")") + function + '"', node);
    };
    const std::string layers = layer("InputLayer", "in", R"("batch_input_shape":[null,4],"dtype":"int32")", "") + "," +
                               lambda("mean", "math.reduce_mean", R"(["in",0,0,{"axis":1}])") + "," +
                               lambda("cast", "cast", R"(["in",0,0,{"dtype":"float32"}])") + "," +
                               lambda("op", "math.reduce_mean", R"(["cast",0,0,{"axis":1}])");
    const Model read = KerasFixture{model("m", graph(layers, "in", "op")), {}}.open();
    QVERIFY2(opOf(read, "mean").unsupported.find("whole numbers") != std::string::npos, opOf(read, "mean").unsupported.c_str());
    QCOMPARE(opOf(read, "cast").unsupported, ""s);
    QCOMPARE(opOf(read, "op").unsupported, ""s);
}

/// Calls that are written again are the file's: constants, keywords and which tensor is which, also of functions that are not known.
void TestKerasClasses::writtenOperators()
{
    const std::string call = R"(["_CONSTANT_VALUE",-1,[1.5,2.0,0.5,1.0],{"y":["in",0,0],"name":null}])",
                      strange = R"([["op",0,0,{"shift":[2,["in",0,0]]}],["in",0,0,{"shift":[2,["in",0,0]]}]])";
    const Model read = KerasFixture{
        model("m", graph(input("in") + "," + layer("TFOpLambda", "op", R"("function":"math.subtract")", call) + "," +
                             layer("TFOpLambda", "roll", R"("function":"roll")", strange),
                         "in", "roll")),
        {}}.open();
    const Json written = kerasArchitecture(read).config;
    const Json& layers = written["config"]["layers"];
    QCOMPARE(layers.size(), 3UL);
    QCOMPARE(dumpJson(layers[1]["inbound_nodes"], -1), "[" + call + "]");
    QCOMPARE(dumpJson(layers[2]["inbound_nodes"], -1), "[" + strange + "]");
}

/// Keras takes the keywords of the last tensor for the call's.
void TestKerasClasses::writtenKeywords()
{
    const std::string call = R"([["in",0,0,{"use_causal_mask":true}],["in",0,0,{"use_causal_mask":true}]])";
    const Model read =
        KerasFixture{model("m", graph(input("in") + "," + layer("Attention", "op", R"("use_scale":false)", call), "in", "op")), {}}.open();
    const Json written = kerasArchitecture(read).config;
    QCOMPARE(dumpJson(written["config"]["layers"][1]["inbound_nodes"], -1), "[" + call + "]");
}

/// Keras 3 reads no ellipsis in an .h5: the dimensions that it stands for are told.
void TestKerasClasses::writtenDots()
{
    const std::string whole = R"({"class_name":"__slice__","config":{"start":null,"stop":null,"step":null}})";
    const Model read = withOperator(
        "GetItem", "", R"({"args":[)" + tensorJson("in") + R"(,[{"class_name":"__ellipsis__","config":{}},)" + whole + R"(]],"kwargs":{}})",
        "keras.src.ops.numpy");
    const Json written = kerasArchitecture(read).config;
    const Json& key = written["config"]["layers"][1]["inbound_nodes"][0]["args"][1];
    QCOMPARE(dumpJson(key, -1), "[" + whole + "," + whole + "]");
    QCOMPARE(written["config"]["layers"][1]["module"].get<std::string>(), "keras.src.ops.numpy"s);
}

void TestKerasClasses::lambdaIsCode()
{
    const Model model = withOperator("Lambda", R"("function":["4wEAAAA=",null,null])", "[" + node("in") + "]");
    QCOMPARE(opOf(model, "op").unsupported, "its code is in the file, which is never run"s);
}

void TestKerasClasses::calledAsInTraining()
{
    const auto open = [](const std::string& training) {
        const std::string call = R"([["in",0,0,{"training":)" + training + "}]]";
        return KerasFixture{model("m", graph(input("in") + "," + layer("Dropout", "op", R"("rate":0.5)", call), "in", "op")), {}}.open();
    };
    QVERIFY(opOf(open("true"), "op").unsupported.find("training=True") != std::string::npos);
    QCOMPARE(opOf(open("false"), "op").unsupported, ""s);
    QCOMPARE(opOf(open("null"), "op").unsupported, ""s);
}

void TestKerasClasses::namedInputs_data()
{
    QTest::addColumn<QByteArray>("calls");
    const auto tensor = [](const char* name) {
        return QByteArray(R"({"class_name":"__keras_tensor__","config":{"shape":[null,4],"dtype":"float32","keras_history":[")") + name +
               R"(",0,0]}})";
    };
    QTest::newRow("Keras 2") << QByteArray(R"([["q",0,0,{"value":["v",0,0],"attention_mask":["m",0,0]}]])");
    QTest::newRow("Keras 2, the keywords at every tensor") << QByteArray(
        R"([["q",0,0,{"value":["v",0,0],"attention_mask":["m",0,0]}],["q",0,0,{"value":["v",0,0],"attention_mask":["m",0,0]}]])");
    QTest::newRow("Keras 3") << R"({"args":[)" + tensor("q") + R"(],"kwargs":{"value":)" + tensor("v") + R"(,"attention_mask":)" +
                                    tensor("m") + "}}";
    QTest::newRow("Keras 3, the first by its keyword")
        << R"({"args":[],"kwargs":{"inputs":)" + tensor("q") + R"(,"value":)" + tensor("v") + R"(,"attention_mask":)" + tensor("m") + "}}";
}

void TestKerasClasses::namedInputs()
{
    QFETCH(QByteArray, calls);
    const std::string layers =
        input("q") + "," + input("m") + "," + input("v") + "," + layer("MultiHeadAttention", "op", R"("num_heads":1)", calls.toStdString());
    const std::string inside = "\"layers\":[" + layers + R"(],"input_layers":[["v",0,0],["q",0,0],["m",0,0]],"output_layers":[["op",0,0]])";
    const Model model = KerasFixture{::model("m", inside), {}}.open();
    std::map<std::string, std::string> taken;
    for (const Input& one : opOf(model, "op").inputs)
        taken[one.name] = model.ops[static_cast<std::size_t>(one.port.op)].name;
    QVERIFY((taken == std::map<std::string, std::string>{{"", "q"}, {"value", "v"}, {"key", "v"}, {"attention_mask", "m"}}));
    QVERIFY((model.inputs == std::vector<Input>{{"v", model.opIndex("v")}, {"q", model.opIndex("q")}, {"m", model.opIndex("m")}}));
    QCOMPARE(model.inputOps(), (std::vector<int>{model.opIndex("v"), model.opIndex("q"), model.opIndex("m")}));
}

void TestKerasClasses::maskOfALayerThatTakesNone()
{
    const std::string layers =
        input("in") + "," + input("m") + "," + layer("Dropout", "op", R"("rate":0.5)", R"([["in",0,0,{"mask":["m",0,0]}]])");
    const std::string inside = "\"layers\":[" + layers + R"(],"input_layers":[["in",0,0],["m",0,0]],"output_layers":[["op",0,0]])";
    const Model model = KerasFixture{::model("m", inside), {}}.open();
    QVERIFY2(opOf(model, "op").unsupported.find("an input called mask") != std::string::npos, opOf(model, "op").unsupported.c_str());
}

void TestKerasClasses::secondOutput()
{
    const std::string layers = input("in") + "," + layer("Dropout", "op", R"("rate":0.5)", "[" + node("in") + "]");
    const std::string inside = "\"layers\":[" + layers + R"(],"input_layers":[["in",0,0]],"output_layers":[["op",0,1]])";
    const Model model = KerasFixture{::model("m", inside), {}}.open();
    QVERIFY(opOf(model, "op").unsupported.find("output number 2") != std::string::npos);
    QVERIFY(!model.layer("op")->supported);
}

QTEST_GUILESS_MAIN(TestKerasClasses)
#include "tst_kerasclasses.moc"
