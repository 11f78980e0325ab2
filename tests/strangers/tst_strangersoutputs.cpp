// SPDX-License-Identifier: GPL-3.0-or-later
// Networks by strangers, on inputs that they stored beside what their Keras computed.
#include "core/engines/engine.h"
#include "core/formats/format.h"
#include "core/formats/numpy/npy.h"
#include "tests/engines/reference.h"

#include <QTest>

using namespace core;

namespace {

QString file(const std::string& name)
{
    return QStringLiteral(TIEOUT_SHARED "/corpus/keras/") + QString::fromStdString(name);
}

/// Arrays by name: of an HDF5 file "inputs/dense_1_input", "predictions/dense_3", "activations/dense_1"; of a .npy under `name`.
std::map<std::string, Tensor> arrays(const std::string& path, const std::string& name)
{
    std::map<std::string, Tensor> result;
    if (path.ends_with(".npy"))
        return {{name, formats::readNpyOrNpz(path).front().second.toFloat32()}};
    const Model stored = formats::openModel(path);
    for (const Parameter& parameter : stored.parameters)
        if (parameter.source.dtype == DType::Float32)
            result.emplace(parameter.name, read(parameter.source));
    return result;
}

/// The op whose output a layer's is: after its activation where that is fused.
int lastOp(const Model& model, const std::string& layer)
{
    int found = -1;
    for (std::size_t i = 0; i < model.ops.size(); ++i)
        if (model.ops[i].layer == layer)
            found = static_cast<int>(i);
    return found;
}

}

class TestStrangersOutputs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void values_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("inputs");
        QTest::addColumn<QString>("outputs");
        QTest::addColumn<int>("least"); ///< outputs that are compared
        const auto row = [](const char* name, const std::string& model, const std::string& inputs, const std::string& outputs, int least) {
            QTest::newRow(name) << file(model) << file(inputs) << file(outputs) << least;
        };
        const std::string first = "mnist_mlp_tf_keras_1_", second = "mnist_mlp_tf_keras_2_";
        row("weights of Keras 1 and their configuration", first + "weights.h5", first + "inputs_and_outputs.h5",
            first + "inputs_and_outputs.h5", 9);
        row("weights of Keras 2 and their configuration", second + "weights.h5", second + "inputs_and_outputs.h5",
            second + "inputs_and_outputs.h5", 6);
        row("BatchNormalization", "cnn_batch_norm.h5", "cnn_batch_norm.input.npy", "cnn_batch_norm.predictions.npy", 1);
    }

    void values();
};

void TestStrangersOutputs::values()
try {
    QFETCH(QString, model);
    QFETCH(QString, inputs);
    QFETCH(QString, outputs);
    QFETCH(int, least);
    const auto network = std::make_shared<const Model>(formats::openModel(model.toStdString()));
    QVERIFY(network->wired);
    const auto entry = network->inputOps();
    QCOMPARE(entry.size(), std::size_t{1});
    std::optional<Tensor> x;
    for (const auto& [name, tensor] : arrays(inputs.toStdString(), "inputs/x"))
        if (name.starts_with("inputs/"))
            x = tensor;
    QVERIFY(x.has_value());
    const auto trace = engines::makeEngine(network)->run({{entry[0], *x}});
    int compared = 0;
    const std::string last = network->ops[static_cast<std::size_t>(network->outputs.at(0).port.op)].layer;
    for (const auto& [name, golden] : arrays(outputs.toStdString(), "predictions/" + last)) {
        const auto slash = name.find('/');
        const std::string group = name.substr(0, slash), layer = name.substr(slash + 1);
        if (group != "activations" && group != "predictions") // "outputs" are what it was trained for
            continue;
        const int op = lastOp(*network, layer);
        QVERIFY2(op >= 0, name.c_str());
        const auto& ours = trace.values[static_cast<std::size_t>(op)];
        QVERIFY2(ours && ours->shape() == golden.shape(), name.c_str());
        const double difference = reference::scaledDifference(ours->floats(), golden.floats());
        QVERIFY2(difference <= 1e-5, (name + " differs by " + std::to_string(difference)).c_str());
        ++compared;
    }
    QVERIFY2(compared >= least, std::to_string(compared).c_str());
} catch (const Error& error) {
    QFAIL(error.what());
}

QTEST_GUILESS_MAIN(TestStrangersOutputs)
#include "tst_strangersoutputs.moc"
