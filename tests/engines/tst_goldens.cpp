// SPDX-License-Identifier: GPL-3.0-or-later
// Every layer's output as the real PyTorch 2.13 and Keras 2.15 computed it (tests/interop/make_goldens.py), against ours.
#include "core/engines/engine.h"
#include "core/formats/format.h"
#include "core/formats/numpy/npy.h"
#include "core/layers/kind.h"
#include "tests/engines/reference.h"

#include <QDir>
#include <QTest>

using namespace core;

constexpr double tolerance = 1e-5;

class TestGoldens : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void activations_data();
    void activations();
};

void TestGoldens::activations_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("values");
    const QString samples = TIEOUT_SAMPLES, data = TIEOUT_TEST_DATA;
    QTest::newRow("lenet5.pt") << samples + "/lenet5.pt" << data + "/golden/lenet5.npz";
    QTest::newRow("lenet5.h5") << samples + "/lenet5.h5" << data + "/golden/lenet5.npz";
    QTest::newRow("lenet5_keras3.h5") << data + "/lenet5_keras3.h5" << data + "/golden/lenet5.npz";
    for (const char* folder : {"kinds", "legacy"}) {
        const QDir kinds(data + "/" + folder);
        for (const QString& file : kinds.entryList({"*.pt", "*.pt2", "*.h5", "*.keras"}, QDir::Files, QDir::Name))
            QTest::newRow(qPrintable(file)) << kinds.filePath(file) << kinds.filePath(file.section('.', 0, 0) + ".npz");
    }
}

/// `x` lies as PyTorch has it: channels, where the network's input has some, move where its framework has them.
static Tensor inLayoutOf(const Model& model, const Tensor& x)
{
    const Axes axes = layers::inputValue(model, Shape(x.shape().size() - 1, 1)).axes;
    const int rank = static_cast<int>(x.shape().size());
    if (rank < 3 || indexOf(axes, "C") != rank - 1)
        return x;
    std::vector<int> order{0};
    for (int d = 2; d < rank; ++d)
        order.push_back(d);
    order.push_back(1);
    return x.transposed(order);
}

void TestGoldens::activations()
try {
    QFETCH(QString, model);
    QFETCH(QString, values);
    const auto network = std::make_shared<const Model>(formats::openModel(model.toStdString()));
    const auto goldens = formats::readNpyOrNpz(values.toStdString());
    const std::string side = std::string(name(network->framework)) + "/";
    const auto x = std::find_if(goldens.begin(), goldens.end(), [](const auto& entry) { return entry.first == "x"; });
    QVERIFY(x != goldens.end());

    const auto inputs = network->inputOps();
    QCOMPARE(inputs.size(), 1UL);
    const auto trace = engines::makeEngine(network)->run({{inputs[0], inLayoutOf(*network, x->second)}});
    QVERIFY2(trace.problems.empty(), trace.problems.empty() ? "" : trace.problems.begin()->second.c_str());
    int compared = 0;
    for (const auto& [key, golden] : goldens) {
        if (!key.starts_with(side))
            continue;
        const int op = network->opIndex(key.substr(side.size()));
        QVERIFY2(op >= 0, key.c_str());
        const auto& ours = trace.values[static_cast<std::size_t>(op)];
        QVERIFY2(ours && ours->shape() == golden.shape(), (key + ": " + (ours ? text(ours->shape()) : "no value")).c_str());
        const double difference = reference::scaledDifference(ours->floats(), golden.floats());
        QVERIFY2(difference <= tolerance, (key + " differs by " + std::to_string(difference)).c_str());
        ++compared;
    }
    QVERIFY(compared > 0);
} catch (const Error& error) {
    QFAIL(error.what());
}

QTEST_GUILESS_MAIN(TestGoldens)
#include "tst_goldens.moc"
