// SPDX-License-Identifier: GPL-3.0-or-later
// Weights without a configuration: in which order the layers stand, what they are called, and which belong together.
#include "core/formats/keras/weights/naturalorder.h"
#include "kerasfixture.h"

#include <QTest>

using namespace core;
using namespace core::formats;
using namespace std::string_literals;

namespace {

std::string layersText(const Model& model)
{
    std::string text;
    for (const Layer& layer : model.layers)
        text += layer.name + " " + (layer.kind.empty() ? "?" : layer.kind) + " " + std::to_string(layer.parameters.size()) + "\n";
    return text;
}

using Names = std::vector<std::pair<std::string, std::string>>;

/// A .weights.h5: groups "vars" of layers with their own names, and one array in each path of `filled`.
Model openStore(const Names& layers, const std::vector<std::string>& filled)
{
    QTemporaryDir folder;
    const auto path = folder.filePath("m.weights.h5").toStdString();
    H5Image image;
    image.addGroup("/");
    for (const auto& [layer, name] : layers) {
        image.addGroup("/" + layer + "/vars");
        if (!name.empty())
            image.addAttribute("name", name, "utf-8");
    }
    for (const auto& layer : filled)
        image.addDataset("/" + layer + "/vars/0", Tensor::fromFloats({2, 2}, std::vector<float>{1, 2, 3, 4}));
    image.write(path);
    return openModel(path);
}

Model openWeights(const KerasFixture::Layers& layers)
{
    return KerasFixture{"", layers, "2.15.0", "tensorflow", "/"}.open();
}

}

class TestKerasOrder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbers_data();
    void numbers();
    void storeCounts();
    void variablesCount();
    void plainHdf5Counts();
    void emptyLayersOfAStore();
    void emptyLayersOfWeights();
    void nested_data();
    void nested();
    void frozenFirst();
};

void TestKerasOrder::numbers_data()
{
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("second");
    QTest::newRow("size before letters") << QByteArray("layers/dense_2") << QByteArray("layers/dense_10");
    QTest::newRow("none before one") << QByteArray("layers/dense") << QByteArray("layers/dense_1");
    QTest::newRow("inside before next") << QByteArray("layers/dense/vars") << QByteArray("layers/dense_1");
    QTest::newRow("letters") << QByteArray("conv2d_9") << QByteArray("dense_1");
    QTest::newRow("large numbers") << QByteArray("a_99999999999999999998") << QByteArray("a_99999999999999999999");
    QTest::newRow("leading zeros") << QByteArray("a_007") << QByteArray("a_10");
    QTest::newRow("equal numbers") << QByteArray("a_01") << QByteArray("a_1");
}

void TestKerasOrder::numbers()
{
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, second);
    QVERIFY(naturalLess(first.toStdString(), second.toStdString()));
    QVERIFY(!naturalLess(second.toStdString(), first.toStdString()));
    QVERIFY(!naturalLess(first.toStdString(), first.toStdString()));
}

void TestKerasOrder::storeCounts()
{
    std::vector<std::string> filled{"layers/dense"};
    for (int i = 1; i < 12; ++i)
        filled.push_back("layers/dense_" + std::to_string(i));
    const Model model = openStore({}, filled);
    QCOMPARE(model.layers.size(), std::size_t{12});
    for (std::size_t i = 0; i < filled.size(); ++i) {
        QCOMPARE(model.layers[i].name, filled[i].substr(7));
        QCOMPARE(model.ops[i].layer, model.layers[i].name);
    }
    QCOMPARE(model.parameters[2].name, "layers/dense_2/vars/0"s);
}

void TestKerasOrder::variablesCount()
{
    QTemporaryDir folder;
    const auto path = folder.filePath("m.weights.h5").toStdString();
    H5Image image;
    image.addGroup("/");
    for (int i = 0; i < 12; ++i)
        image.addDataset("/layers/many/vars/" + std::to_string(i), Tensor::fromFloats({1}, std::vector<float>{static_cast<float>(i)}));
    image.write(path);
    const Model model = openModel(path);
    for (std::size_t i = 0; i < 12; ++i)
        QCOMPARE(model.layers[0].parameters[i], "layers/many/vars/" + std::to_string(i));
}

void TestKerasOrder::plainHdf5Counts()
{
    QTemporaryDir folder;
    const auto path = folder.filePath("m.h5").toStdString();
    H5Image image;
    image.addGroup("/");
    for (const int i : {10, 9, 1})
        image.addDataset("/block_" + std::to_string(i) + "/w", Tensor::fromFloats({1}, std::vector<float>{1}));
    image.write(path);
    const Model model = openModel(path);
    QCOMPARE(model.origin.format, "hdf5"s);
    QCOMPARE(layersText(model), "block_1 ? 1\nblock_9 ? 1\nblock_10 ? 1\n"s);
}

void TestKerasOrder::emptyLayersOfAStore()
{
    // as Keras 3.15 writes a functional model: its own vars, an optimizer, a cell without variables of its own
    const Model model = openStore({{"layers/activation", "act"},
                                   {"layers/dense", "first"},
                                   {"layers/input_layer", "x"},
                                   {"layers/max_pooling2d", "max_pooling2d_7"},
                                   {"layers/sequential", "inner"},
                                   {"layers/sequential/layers/dense", "b"},
                                   {"layers/sequential/layers/re_lu", "r"},
                                   {"layers/lstm/cell", "lstm_cell"},
                                   {"optimizer", "adam"}},
                                  {"layers/dense", "layers/sequential/layers/dense", "layers/lstm/cell"});
    QCOMPARE(
        layersText(model),
        "first Dense 1\nlstm LSTM 1\ninner/b Dense 1\nact Activation 0\nx InputLayer 0\nmax_pooling2d_7 MaxPooling2D 0\ninner/r ReLU 0\n"s);
}

void TestKerasOrder::emptyLayersOfWeights()
{
    const Model model = openWeights(
        {{"input_1", {}}, {"conv", {{"conv/kernel:0", {3, 3, 1, 2}}, {"conv/bias:0", {2}}}}, {"max_pooling2d_3", {}}, {"mine", {}}});
    QCOMPARE(layersText(model), "input_1 InputLayer 0\nconv Conv2D 2\nmax_pooling2d_3 MaxPooling2D 0\nmine ? 0\n"s);
    QCOMPARE(model.ops.size(), std::size_t{1});
}

void TestKerasOrder::nested_data()
{
    QTest::addColumn<QByteArray>("group");
    QTest::addColumn<QByteArray>("weight");
    QTest::addColumn<QByteArray>("layer");
    const auto row = [](const char* name, const char* group, const char* weight, const char* layer) {
        QTest::newRow(name) << QByteArray(group) << QByteArray(weight) << QByteArray(layer);
    };
    row("a layer", "dense", "dense/kernel:0", "dense");
    row("Keras 3, a Sequential's name first", "dense", "sequential/dense/kernel", "dense");
    row("Keras 1", "dense_1", "dense_1_W", "dense_1");
    row("Keras 2, nested", "inner", "b/kernel:0", "inner/b");
    row("Keras 3, nested", "inner", "inner/b/kernel", "inner/b");
    row("Keras 3, nested twice", "mid", "inner/b/kernel", "mid/inner/b");
    row("a cell", "rnn", "rnn/lstm_cell/kernel:0", "rnn");
    row("two directions", "bi", "bi/forward_lstm/lstm_cell/kernel:0", "bi/forward_lstm");
    row("attention", "mha", "mha/query/kernel:0", "mha");
    row("a wrapper", "td", "td/dense/kernel", "td/dense");
}

void TestKerasOrder::nested()
{
    QFETCH(QByteArray, group);
    QFETCH(QByteArray, weight);
    QFETCH(QByteArray, layer);
    const Model model = openWeights({{group.toStdString(), {{weight.toStdString(), {4, 4}}}}});
    QCOMPARE(model.layers.size(), std::size_t{1});
    QCOMPARE(model.layers[0].name, layer.toStdString());
    QCOMPARE(model.parameters[0].layer, layer.toStdString());
    QCOMPARE(model.parameters[0].name, weight.toStdString());
}

void TestKerasOrder::frozenFirst()
{
    // what Keras 2.15 writes of [a, n, b] with a frozen: trainable weights, then the others
    const Model model = openWeights({{"inner",
                                      {{"n/gamma:0", {4}},
                                       {"n/beta:0", {4}},
                                       {"b/kernel:0", {4, 4}},
                                       {"b/bias:0", {4}},
                                       {"a/kernel:0", {4, 4}},
                                       {"a/bias:0", {4}},
                                       {"n/moving_mean:0", {4}},
                                       {"n/moving_variance:0", {4}}}},
                                     {"out", {{"out/kernel:0", {4, 3}}, {"out/bias:0", {3}}}}});
    QCOMPARE(layersText(model), "inner/n BatchNormalization 4\ninner/b Dense 2\ninner/a Dense 2\nout Dense 2\n"s);
    QCOMPARE(opOf(model, "inner/a").kind, "linear"s);
    QCOMPARE(opOf(model, "inner/a").parameters.at("kernel"), "a/kernel:0"s);
    QCOMPARE(opOf(model, "inner/n").parameters.at("variance"), "n/moving_variance:0"s);
    QVERIFY(hasNote(model, "keras-nested-order"));
}

QTEST_GUILESS_MAIN(TestKerasOrder)
#include "tst_kerasorder.moc"
