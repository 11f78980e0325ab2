// SPDX-License-Identifier: GPL-3.0-or-later
// What the files hold was counted with h5py.
#include "tests/formats/kerasfixture.h"

#include <QTest>
#include <cmath>

using namespace core;
using namespace core::formats;
using namespace std::string_literals;

namespace {

double absoluteSum(const Model& model)
{
    double sum = 0;
    for (const auto& parameter : model.parameters) {
        const auto values = read(parameter.source).toFloat32();
        for (const float value : values.floats())
            sum += std::abs(static_cast<double>(value));
    }
    return sum;
}

}

class TestStrangersKeras : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void weights_data()
    {
        QTest::addColumn<int>("layers");
        QTest::addColumn<int>("weights");
        QTest::addColumn<int>("values");
        QTest::addColumn<double>("sum");
        const auto row = [](const char* file, int layers, int weights, int values, double sum) {
            QTest::newRow(file) << layers << weights << values << sum;
        };
        row("adam.h5", 2, 4, 7114, 701.310144);
        row("bidirectional_lstm_tensorflow_2.h5", 1, 6, 1680, 262.78193);
        row("cnn1d_flatten_tf_keras2.h5", 8, 10, 126945, 6432.45036);
        row("cnn_batch_norm.h5", 6, 10, 79, 17.8614802);
        row("conv2d_tensorflow_1.h5", 1, 2, 276, 36330);
        row("conv2d_theano_1.h5", 1, 2, 276, 36330);
        row("dcgan_discriminator.h5", 17, 18, 392705, 9554.58148);
        row("deepconcolic_mnist_tiny.h5", 7, 6, 130214, 8602.20913);
        row("deepxplore_lenet1_weights.h5", 8, 6, 7206, 522.273532);
        row("deepxplore_lenet5_weights.h5", 10, 10, 107786, 5346.84905);
        row("keras1_cnn_tf_model.h5", 10, 8, 64, 16.7425708);
        row("lstm_functional_tf_keras_2.h5", 3, 5, 461, 99.8258032);
        row("mnist_cnn_tf_keras_1_weights.h5", 12, 8, 600810, 13039.8014);
        row("mnist_mlp_tf_keras_1_inputs_and_outputs.h5", 0, 12, 389601, 315751.878);
        row("mnist_mlp_tf_keras_2_weights.h5", 5, 6, 669706, 26531.1734);
        row("model_lambda.h5", 5, 4, 50890, 2199.53375);
        row("scoped_names_model.h5", 2, 4, 18690, 1449.43977);
        row("sepconv2d_tensorflow_2.h5", 1, 3, 156, 5775);
        row("simple_rnn_tensorflow_2.h5", 1, 3, 48, 15.5380542);
    }

    void weights()
    {
        QFETCH(int, layers);
        QFETCH(int, weights);
        QFETCH(int, values);
        QFETCH(double, sum);
        const auto path = QString(TIEOUT_SHARED "/corpus/keras/") + QTest::currentDataTag();
        const auto model = openModel(path.toStdString());
        if (layers > 0)
            QCOMPARE(static_cast<int>(model.layers.size()), layers);
        QCOMPARE(static_cast<int>(model.parameters.size()), weights);
        QCOMPARE(parametersTotal(model), values);
        const double found = absoluteSum(model);
        QVERIFY2(std::abs(found - sum) <= 1e-7 * sum, qPrintable(QString::number(found, 'g', 10)));
    }

    void graph()
    {
        const auto path = TIEOUT_SHARED "/corpus/keras/tiny_XCEPTION_KDEF.hdf5";
        const auto model = openModel(path);
        const auto& add = opOf(model, "add_1");
        QCOMPARE(add.inputs.size(), std::size_t{2});
        QCOMPARE(model.ops[static_cast<std::size_t>(add.inputs[0].port.op)].name, "max_pooling2d_1"s);
        QCOMPARE(model.ops[static_cast<std::size_t>(add.inputs[1].port.op)].name, "batch_normalization_3"s);
        QCOMPARE(model.ops[static_cast<std::size_t>(model.outputs.at(0).port.op)].name, "predictions"s);
    }
};

QTEST_GUILESS_MAIN(TestStrangersKeras)
#include "tst_strangerskeras.moc"
