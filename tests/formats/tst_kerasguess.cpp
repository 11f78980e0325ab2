// SPDX-License-Identifier: GPL-3.0-or-later
// What files of weights alone tell of their layers, and what they leave open.
#include "core/formats/keras/weights/variables.h"
#include "kerasfixture.h"
#include "kerasjson.h"

#include <QTest>

using namespace core;
using namespace core::formats;
using namespace std::string_literals;

namespace {

using Weights = std::vector<KerasFixture::Weight>;

/// Weights as Keras 2 saves them, of one layer.
Model openWeights(const std::string& layer, const Weights& weights)
{
    return KerasFixture{"", {{layer, weights}}, "2.15.0", "tensorflow", "/"}.open();
}

/// A .weights.h5 of Keras 3 with BatchNormalizations of so many arrays each.
Model openNormalisation(int arrays, const std::vector<std::string>& layers = {"batch_normalization"})
{
    QTemporaryDir folder;
    const auto path = folder.filePath("m.weights.h5").toStdString();
    H5Image image;
    image.addGroup("/");
    for (const std::string& layer : layers)
        for (int i = 0; i < arrays; ++i)
            image.addDataset("/layers/" + layer + "/vars/" + std::to_string(i), Tensor::fromFloats({2}, std::vector<float>{1, 2}));
    image.write(path);
    return openModel(path);
}

}

class TestKerasGuess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void classes_data();
    void classes();
    void normalisation_data();
    void normalisation();
    void oneNoteForAll();
    void calledOnItsOwnOutput();
};

void TestKerasGuess::classes_data()
{
    QTest::addColumn<QByteArray>("layer");
    QTest::addColumn<Weights>("weights");
    QTest::addColumn<QByteArray>("shown");
    QTest::addColumn<QByteArray>("kind");
    const auto row = [](const char* name, const char* layer, const Weights& weights, const char* shown, const char* kind) {
        QTest::newRow(name) << QByteArray(layer) << weights << QByteArray(shown) << QByteArray(kind);
    };
    row("the bias is the last axis'", "a", {{"kernel", {3, 3, 2, 4}}, {"bias", {4}}}, "Conv2D", "conv2d");
    row("the bias is the last axis but one's", "a", {{"kernel", {3, 3, 4, 2}}, {"bias", {4}}}, "Conv2DTranspose", "");
    row("a bias for every pair", "a", {{"kernel", {3, 3, 4, 2}}, {"bias", {8}}}, "DepthwiseConv2D", "");
    row("as many in as out", "a", {{"kernel", {3, 3, 4, 4}}, {"bias", {4}}}, "Conv2D or Conv2DTranspose", "conv2d");
    row("no bias", "a", {{"kernel", {3, 3, 2, 4}}}, "Conv2D, Conv2DTranspose or DepthwiseConv2D", "conv2d");
    row("no bias, but Keras' own name", "conv2d_3", {{"kernel", {3, 3, 2, 4}}}, "Conv2D", "conv2d");
    row("another class's name", "conv2d_transpose", {{"kernel", {3, 3, 4, 4}}, {"bias", {4}}}, "Conv2DTranspose", "");
    row("a name that the shapes contradict", "conv2d_transpose", {{"kernel", {3, 3, 2, 4}}, {"bias", {4}}}, "Conv2D", "conv2d");
    row("one dimension", "a", {{"kernel", {3, 2, 4}}, {"bias", {4}}}, "Conv1D", "");
    row("a bias that fits nothing", "a", {{"kernel", {3, 3, 2, 4}}, {"bias", {5}}}, "", "");
    row("gamma and beta", "a", {{"gamma", {4}}, {"beta", {4}}}, "LayerNormalization or GroupNormalization", "");
    row("Dense", "a", {{"kernel", {4, 4}}, {"bias", {4}}}, "Dense", "linear");
}

void TestKerasGuess::classes()
{
    QFETCH(QByteArray, layer);
    QFETCH(Weights, weights);
    QFETCH(QByteArray, shown);
    QFETCH(QByteArray, kind);
    const Model model = openWeights(layer.toStdString(), weights);
    QCOMPARE(QByteArray::fromStdString(model.layers[0].kind), shown);
    QCOMPARE(QByteArray::fromStdString(model.ops[0].kind), kind);
    QCOMPARE(hasNote(model, "guessed-class"), shown.contains(" or "));
    QCOMPARE(model.layers[0].supported, !kind.isEmpty());
}

void TestKerasGuess::normalisation_data()
{
    QTest::addColumn<int>("arrays");
    QTest::addColumn<QByteArray>("roles");
    QTest::addColumn<bool>("open");
    QTest::newRow("both") << 4 << QByteArray("gamma beta mean variance ") << false;
    QTest::newRow("one of them") << 3 << QByteArray("gamma or beta mean variance ") << true;
    QTest::newRow("none") << 2 << QByteArray("mean variance ") << false;
}

/// Keras 3 numbers the arrays: of three, the first one is gamma or beta.
void TestKerasGuess::normalisation()
{
    QFETCH(int, arrays);
    const Model model = openNormalisation(arrays);
    QByteArray roles;
    for (const Parameter& parameter : model.parameters)
        roles += QByteArray::fromStdString(parameter.role) + ' ';
    QTEST(roles, "roles");
    QCOMPARE(model.ops[0].kind, "batchnorm"s);
    QTEST(!model.ops[0].unsupported.empty(), "open");
    QTEST(hasNote(model, "role-open"), "open");
}

void TestKerasGuess::oneNoteForAll()
{
    const Model model = openNormalisation(3, {"batch_normalization", "batch_normalization_1"});
    QCOMPARE(model.notes.size(), std::size_t{1});
    QCOMPARE(model.notes[0].message.text, "it has one array that is its gamma or beta, and the file does not tell which: a twin may. "
                                          "The same of 1 more: batch_normalization_1."s);
}

void TestKerasGuess::calledOnItsOwnOutput()
{
    const std::string config = model(
        "m", graph(input("x") + "," + layer("Dense", "d", R"("units":4,"activation":"tanh")", "[" + node("x") + "],[" + node("d") + "]"),
                   "x", "d"));
    std::string last = config;
    last.replace(last.rfind(R"(["d",0,0])"), 9, R"(["d",1,0])");
    const Model opened = KerasFixture{last, {{"d", {{"d/kernel:0", {4, 4}}, {"d/bias:0", {4}}}}}}.open();
    int calls = 0;
    for (const Op& op : opened.ops)
        if (op.kind == "linear") {
            ++calls;
            QCOMPARE(op.parameters.at("kernel"), "d/kernel:0"s);
            QVERIFY(op.unsupported.empty());
        }
    QCOMPARE(calls, 2);
}

QTEST_GUILESS_MAIN(TestKerasGuess)
#include "tst_kerasguess.moc"
