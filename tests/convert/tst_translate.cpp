// SPDX-License-Identifier: GPL-3.0-or-later
// Twins made from real PyTorch networks (tests/interop's scripts made them), written, and proved on the inputs of their golden values.
#include "core/convert/convert.h"
#include "core/convert/translate.h"
#include "core/formats/format.h"
#include "core/formats/numpy/npy.h"
#include "core/session/session.h"
#include "modelbuilder.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

using namespace core;
using convert::Result;

namespace {

/// Networks that have an exact twin for sure.
bool hasTwin(const QString& file)
{
    static const QStringList names{
        "avg_pool.pt",      "avg_pool_counted.pt",   "batch_norm.pt",  "batch_norm_first.pt2", "concatenated.pt",  "conv_dilation.pt",
        "conv_groups.pt",   "conv_same_even.pt",     "conv_stride.pt", "conv_symmetric.pt",    "dense_series.pt2", "depthwise.pt",
        "flatten_dense.pt", "flatten_norm_dense.pt", "gated.pt",       "global_average.pt",    "group_norm.pt2",   "gru_last.pt2"};
    return names.contains(file);
}

std::shared_ptr<const Model> opened(const QString& path, const Shape& batch)
{
    const Shape shape(batch.begin() + 1, batch.end());
    return session::prepared(formats::openModel(path.toStdString()), &shape);
}

std::string textOf(const std::vector<Message>& messages)
{
    std::string result;
    for (const Message& message : messages)
        result += message.text + "\n";
    return result;
}

}

class TestTranslate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void goldens_data();
    void goldens();
    void everyFormIsProved_data();
    void everyFormIsProved();
    void paddingOfSignedValuesIsRefused();
    void allRefusalsAreTold();
    void weightsAloneAreRefused();
    void sharedLayersStayShared();
    void namesAreReadable();

private:
    QString target(const QString& name) { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

void TestTranslate::goldens_data()
{
    QTest::addColumn<QString>("file");
    for (const QString& file : QDir(TIEOUT_TEST_DATA "/kinds").entryList({"*.pt", "*.pt2"}, QDir::Files, QDir::Name))
        QTest::newRow(qPrintable(file)) << file;
}

void TestTranslate::goldens()
try {
    QFETCH(QString, file);
    const QString path = QString(TIEOUT_TEST_DATA "/kinds/") + file;
    const auto values = formats::readNpyOrNpz(QString(path.section('.', 0, 0) + ".npz").toStdString());
    const auto x = std::find_if(values.begin(), values.end(), [](const auto& entry) { return entry.first == "x"; });
    if (x == values.end())
        QSKIP("a network of several inputs");
    const auto source = opened(path, x->second.shape());
    if (!source->wired || source->inputOps().size() != 1)
        QSKIP("a state dict, or a network of several inputs");
    convert::Translation translation;
    try {
        translation = convert::translate(source, Framework::Keras);
    } catch (const Error& error) { // by the name of a layer
        QVERIFY2(!hasTwin(file) && error.id() == "translate-no-twin", error.what());
        QVERIFY2(source->layer(error.found().substr(0, error.found().find(": "))), error.what());
        return;
    }
    const auto plan = convert::plan(translation, formats::kerasH5Writer);
    const engines::ModelInput input = engines::inputsOf(*source).front();
    const layers::Value value = layers::inputValue(*source, input.op, *source->inputShape);
    const convert::ProofWish wish{{{input.name, Tensor::fromFloats(x->second.shape(), x->second.floats(), value.axes)}}, "", 1e-5};
    const convert::Conversion done = convert::convert(plan, target("twin.h5").toStdString(), wish);
    QVERIFY2(done.proof->faults.empty(), textOf(done.proof->faults).c_str());
    QVERIFY2(!hasTwin(file) || done.proof->outputsCompared, textOf(done.proof->gaps).c_str());
} catch (const Error& error) {
    QFAIL(error.what());
}

/// A chain and a graph in every form of Keras.
void TestTranslate::everyFormIsProved_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("file");
    for (const char* file : {"flatten_dense.pt", "concatenated.pt", "gru_last.pt"}) {
        QTest::addRow("%s, h5", file) << "h5" << file;
        QTest::addRow("%s, keras", file) << "keras" << file;
        QTest::addRow("%s, weights-h5", file) << "weights-h5" << file;
    }
}

void TestTranslate::everyFormIsProved()
try {
    QFETCH(QString, kind);
    QFETCH(QString, file);
    const QString path = QString(TIEOUT_TEST_DATA "/kinds/") + file;
    const auto values = formats::readNpyOrNpz(QString(path.section('.', 0, 0) + ".npz").toStdString());
    const auto x = std::find_if(values.begin(), values.end(), [](const auto& entry) { return entry.first == "x"; });
    const auto source = opened(path, x->second.shape());
    for (const QString& ending : kind == "h5"      ? QStringList{".h5"}
                                 : kind == "keras" ? QStringList{".keras"}
                                                   : QStringList{".weights.h5", ".h5"}) {
        const std::string written = target("form" + ending).toStdString();
        const auto plan = convert::plan(convert::translate(source, Framework::Keras), *formats::writer(kind.toStdString(), written));
        const convert::ProofWish wish{session::inputsFor(*source, session::NoiseInput{0, 4}, {}), "", 1e-5};
        const convert::Conversion done = convert::convert(plan, written, wish);
        QVERIFY2(done.proof->faults.empty() && done.proof->bitwise, textOf(done.proof->faults).c_str());
        QVERIFY2(done.proof->outputsCompared, textOf(done.proof->gaps).c_str());
    }
} catch (const Error& error) {
    QFAIL(error.what());
}

/// Minus infinity is no zero where values are negative; behind a ReLU it is as good.
void TestTranslate::paddingOfSignedValuesIsRefused()
{
    const Attributes padded{{"kernel", Ints{3, 3}},     {"stride", Ints{2, 2}},
                            {"dilation", Ints{1, 1}},   {"padding", std::string("explicit")},
                            {"pads", Ints{1, 1, 1, 1}}, {"ceil", false}};
    ModelBuilder bare(Framework::Torch, {2, 6, 6}), behind(Framework::Torch, {2, 6, 6});
    bare.plain("pool", "maxpool2d", padded);
    behind.plain("relu", "relu").plain("pool", "maxpool2d", padded);
    try {
        convert::translate(session::prepared(bare.model()), Framework::Keras);
        QFAIL("a padding that is not exact");
    } catch (const Error& error) {
        QCOMPARE(QString::fromStdString(error.id()), "translate-no-twin");
        QVERIFY2(error.found().starts_with("pool: "), error.what());
    }
    const auto translation = convert::translate(session::prepared(behind.model()), Framework::Keras);
    QCOMPARE(translation.twin->layers.size(), std::size_t{3});
}

void TestTranslate::allRefusalsAreTold()
{
    ModelBuilder builder(Framework::Torch, {4});
    builder.plain("first", "sin").linear("fc", 4, 4).plain("second", "cos");
    try {
        convert::translate(session::prepared(builder.model()), Framework::Keras);
        QFAIL("two layers that Keras has not");
    } catch (const Error& error) {
        for (const char* layer : {"first: ", "second: "})
            QVERIFY2(error.found().find(layer) != std::string::npos, error.what());
    }
}

void TestTranslate::weightsAloneAreRefused()
{
    const Model state = ModelBuilder(Framework::Torch, {4}).linear("fc", 4, 3).stateDict();
    try {
        convert::translate(std::make_shared<const Model>(state), Framework::Keras);
        QFAIL("no architecture");
    } catch (const Error& error) {
        QCOMPARE(QString::fromStdString(error.id()), "translate-wiring");
        QVERIFY2(error.advice().find("--like") != std::string::npos, error.what());
    }
}

void TestTranslate::sharedLayersStayShared()
{
    Model model = ModelBuilder(Framework::Torch, {4}).linear("fc", 4, 4).model();
    Op again = model.ops.back();
    again.name = "fc:call1";
    again.inputs = {Input(Port(static_cast<int>(model.ops.size()) - 1))};
    model.ops.push_back(again);
    model.outputs = {Output(Port(static_cast<int>(model.ops.size()) - 1))};
    const auto translation = convert::translate(session::prepared(model), Framework::Keras);
    QCOMPARE(translation.twin->layers.size(), std::size_t{1});
    QCOMPARE(translation.twin->ops.size(), std::size_t{3});
    QCOMPARE(translation.twin->parameters.size(), std::size_t{2});
}

void TestTranslate::namesAreReadable()
{
    ModelBuilder builder(Framework::Torch, {4});
    builder.linear("0", 4, 4).linear("1", 4, 4).linear("features.0.fc", 4, 4).linear("features_0_fc", 4, 4).linear("_x", 4, 2);
    const auto translation = convert::translate(session::prepared(builder.model()), Framework::Keras);
    QStringList names;
    for (const Layer& layer : translation.twin->layers)
        names << QString::fromStdString(layer.name);
    QCOMPARE(names, (QStringList{"dense", "dense_1", "features_0_fc", "features_0_fc_1", "layer__x"}));
}

QTEST_GUILESS_MAIN(TestTranslate)
#include "tst_translate.moc"
