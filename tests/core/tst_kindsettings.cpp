// SPDX-License-Identifier: GPL-3.0-or-later
// What kinds make of a layer's settings, and give back.
#include "core/layers/spec.h"

#include <QTest>

using namespace core;
namespace L = core::layers;

class TestKindSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void settingsOfActivations_data() // Keras 2.15 and 3.15
    {
        QTest::addColumn<QByteArray>("className");
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("wanted");
        const auto row = [](const char* name, const char* className, const char* config, const char* wanted) {
            QTest::newRow(name) << QByteArray(className) << QByteArray(config) << QByteArray(wanted);
        };
        row("leaky, as a layer", "LeakyReLU", "{}", "leakyrelu slope=0.3");
        row("leaky, Keras 2", "LeakyReLU", R"({"alpha":0.1})", "leakyrelu slope=0.1");
        row("leaky, Keras 3", "LeakyReLU", R"({"negative_slope":0.1})", "leakyrelu slope=0.1");
        row("leaky, by name", "Activation", R"({"activation":"leaky_relu"})", "leakyrelu slope=0.2");
        row("a plain ReLU", "ReLU", R"({"max_value":null,"negative_slope":0.0,"threshold":0.0})", "relu");
        row("a bounded one", "ReLU", R"({"max_value":6.0})", "clippedrelu max=6 slope=0 threshold=0");
        row("with slope and threshold", "ReLU", R"({"negative_slope":0.1,"threshold":1})", "clippedrelu slope=0.1 threshold=1");
        row("ReLU6", "Activation", R"({"activation":"relu6"})", "clippedrelu max=6 slope=0 threshold=0");
        row("a threshold alone", "ReLU", R"({"threshold":0.5})", "threshold threshold=0.5 value=0");
        row("the class of Keras 2 for it", "ThresholdedReLU", R"({"theta":0.5})", "threshold threshold=0.5 value=0");
        row("clipped tanh", "Activation", R"({"activation":"hard_tanh"})", "clip max=1 min=-1");
        row("shrunk", "Activation", R"({"activation":"soft_shrink"})", "softshrink lambda=0.5");
        row("CELU", "Activation", R"({"activation":"celu"})", "celu alpha=1");
        row("ELU", "ELU", R"({"alpha":0.5})", "elu alpha=0.5");
        row("GELU", "Activation", R"({"activation":"gelu"})", "gelu tanh=false");
    }

    void settingsOfActivations()
    {
        QFETCH(QByteArray, className);
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, wanted);
        const L::KerasSpec spec{className.toStdString(), Json::parse(config.toStdString())};
        const L::Kind* kind = L::kindOfKeras(spec);
        QVERIFY(kind && kind->activation);
        std::string told(kind->id);
        for (const auto& [name, value] : kind->fromKeras(spec))
            told += " " + name + "=" + text(value);
        QCOMPARE(QByteArray::fromStdString(told), wanted);
    }

    void torchSettingsComeBack_data()
    {
        QTest::addColumn<std::string>("className");
        QTest::addColumn<Attributes>("raw");
        const auto row = [](const char* className, Attributes raw) { QTest::newRow(className) << std::string(className) << raw; };
        row("Conv2d", {{"out_channels", std::int64_t{6}},
                       {"kernel_size", Ints{3, 2}},
                       {"stride", Ints{2, 1}},
                       {"padding", Ints{1, 0}},
                       {"dilation", Ints{1, 2}},
                       {"groups", std::int64_t{2}}});
        row("Linear", {{"out_features", std::int64_t{6}}});
        row("MaxPool2d", {{"kernel_size", std::int64_t{3}}, {"padding", std::int64_t{1}}, {"ceil_mode", true}});
        row("AvgPool2d", {{"kernel_size", std::int64_t{3}}, {"count_include_pad", false}, {"divisor_override", std::int64_t{5}}});
        row("AdaptiveAvgPool2d", {{"output_size", std::int64_t{1}}});
        row("Flatten", {{"start_dim", std::int64_t{2}}, {"end_dim", std::int64_t{-2}}});
        row("Dropout", {{"p", 0.25}});
        row("BatchNorm2d", {{"eps", 1e-3}, {"momentum", 0.2}, {"affine", false}});
        row("LayerNorm", {{"normalized_shape", Ints{4, 3}}, {"eps", 1e-3}});
        row("ZeroPad2d", {{"padding", Ints{1, 2, 3, 4}}});
        row("ZeroPad1d", {{"padding", Ints{-1, 2}}});
        row("ConstantPad3d", {{"padding", std::int64_t{2}}, {"value", 0.5}});
        row("ReflectionPad2d", {{"padding", Ints{1, 2, 3, 4}}});
        row("ReplicationPad1d", {{"padding", Ints{1, 2}}});
        row("CircularPad3d", {{"padding", std::int64_t{1}}});
        row("AdaptiveAvgPool3d", {{"output_size", Ints{2, 3, 4}}});
        row("AdaptiveMaxPool1d", {{"output_size", std::int64_t{5}}});
        row("LPPool2d", {{"norm_type", 2.5}, {"kernel_size", std::int64_t{3}}, {"stride", Ints{2, 1}}, {"ceil_mode", true}});
        row("PixelShuffle", {{"upscale_factor", std::int64_t{3}}});
        row("PixelUnshuffle", {{"downscale_factor", std::int64_t{2}}});
        row("ChannelShuffle", {{"groups", std::int64_t{2}}});
        row("Upsample", {{"scale_factor", 1.5}});
        row("Upsample", {{"size", Ints{4, 7}}, {"mode", std::string("bilinear")}, {"align_corners", true}});
        row("Upsample", {{"scale_factor", Reals{1.5, 2, 3}}, {"mode", std::string("trilinear")}, {"recompute_scale_factor", true}});
        row("Softmax", {{"dim", std::int64_t{1}}});
        row("LogSoftmax", {});
        row("LeakyReLU", {{"negative_slope", 0.1}});
        row("ELU", {{"alpha", 0.5}});
        row("GELU", {{"approximate", std::string("tanh")}});
        row("Softplus", {{"beta", 2.0}, {"threshold", 5.0}});
        row("ReLU6", {});
        row("Hardtanh", {{"min_val", -0.5}, {"max_val", 2.0}});
        row("Hardtanh", {{"min_val", std::int64_t{0}}, {"max_val", 2.0}});
        row("Threshold", {{"threshold", 0.5}, {"value", -1.0}});
        row("CELU", {{"alpha", 0.5}});
        row("Hardsigmoid", {});
        row("Hardshrink", {{"lambd", 0.25}});
        row("Softshrink", {{"lambd", 0.25}});
        row("Softmin", {{"dim", std::int64_t{1}}});
        row("PReLU", {{"num_parameters", std::int64_t{6}}});
        row("GLU", {{"dim", std::int64_t{1}}});
        row("GroupNorm", {{"num_groups", std::int64_t{2}}, {"eps", 1e-3}});
        row("SiLU", {});
        row("MultiheadAttention", {{"embed_dim", std::int64_t{6}}, {"num_heads", std::int64_t{2}}, {"batch_first", true}});
        row("Bilinear", {{"out_features", std::int64_t{6}}});
    }

    void torchSettingsComeBack()
    {
        QFETCH(std::string, className);
        QFETCH(Attributes, raw);
        const L::Kind* kind = L::kindOfTorch(L::TorchSpec{className, raw, {}});
        QVERIFY(kind);
        const bool isNorm = className == "LayerNorm";
        const std::map<std::string, Shape> parameters =
            className == "GroupNorm" ? std::map<std::string, Shape>{{"weight", {6}}, {"bias", {6}}}
            : isNorm                 ? std::map<std::string, Shape>{{"weight", {4, 3}}, {"bias", {4, 3}}}
                                     : std::map<std::string, Shape>{{"bias", {6}}, {"in_proj_weight", {18, 6}}, {"in_proj_bias", {18}}};
        Op op;
        op.kind = kind->id;
        op.attributes = kind->fromTorch({className, raw, parameters});
        const L::TorchSpec told = kind->toTorch(op);
        QCOMPARE(told.className, className);
        QVERIFY(told.raw.boolean("bias", true));
        QVERIFY(kind->fromTorch({told.className, told.raw, parameters}) == op.attributes);
    }
};

QTEST_GUILESS_MAIN(TestKindSettings)
#include "tst_kindsettings.moc"
