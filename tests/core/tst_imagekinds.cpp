// SPDX-License-Identifier: GPL-3.0-or-later
// Images that are stretched, padded, cropped and pooled to a size: what kinds make of settings, what differs, what is refused.
#include "core/layers/composite.h"
#include "core/layers/resampling.h"
#include "core/layers/spec.h"

#include <QTest>
#include <functional>
#include <optional>

using namespace core;
namespace L = core::layers;

namespace {

Op torchOp(const std::string& className, const Attributes& raw)
{
    const L::TorchSpec spec{className, raw, {}};
    Op op;
    op.name = "t";
    op.kind = L::kindOfTorch(spec)->id;
    op.attributes = L::kindOfTorch(spec)->fromTorch(spec);
    op.inputs = {0};
    return op;
}

Op kerasOp(const std::string& className, const std::string& config)
{
    const L::KerasSpec spec{className, Json::parse(config)};
    Op op;
    op.name = "k";
    op.kind = L::kindOfKeras(spec)->id;
    op.attributes = L::kindOfKeras(spec)->fromKeras(spec);
    op.inputs = {0};
    return op;
}

std::string mixed(const L::Mixing& mixing)
{
    QString result;
    for (std::size_t k = 0; k + 1 < mixing.first.size(); ++k) {
        result += k > 0 ? " " : "";
        for (auto i = static_cast<std::size_t>(mixing.first[k]); i < static_cast<std::size_t>(mixing.first[k + 1]); ++i)
            result +=
                QString("%1%2*%3").arg(i > static_cast<std::size_t>(mixing.first[k]) ? "+" : "").arg(mixing.weights[i]).arg(mixing.from[i]);
    }
    return result.toStdString();
}

using Ask = std::function<void()>;

}

class TestImageKinds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void resampling_data() // by hand, after ATen's UpSample.h
    {
        QTest::addColumn<Attributes>("raw");
        QTest::addColumn<int>("size");
        QTest::addColumn<std::string>("wanted");
        const std::string linear = "linear";
        QTest::newRow("nearest, twice") << Attributes{{"scale_factor", 2.0}} << 2 << std::string("1*0 1*0 1*1 1*1");
        QTest::newRow("nearest, by its size") << Attributes{{"size", std::int64_t{3}}} << 2 << std::string("1*0 1*0 1*1");
        QTest::newRow("nearest, exactly") << Attributes{{"size", std::int64_t{3}}, {"mode", std::string("nearest-exact")}} << 5
                                          << std::string("1*0 1*2 1*4");
        QTest::newRow("nearest, the first of them") << Attributes{{"size", std::int64_t{3}}} << 5 << std::string("1*0 1*1 1*3");
        QTest::newRow("linear") << Attributes{{"scale_factor", 2.0}, {"mode", linear}} << 2
                                << std::string("1*0+0*1 0.75*0+0.25*1 0.25*0+0.75*1 0.75*1+0.25*1");
        QTest::newRow("linear, corners on each other") << Attributes{{"size", std::int64_t{3}}, {"mode", linear}, {"align_corners", true}}
                                                       << 2 << std::string("1*0+0*1 0.5*0+0.5*1 1*1+0*1");
        QTest::newRow("by a factor whose size is cut")
            << Attributes{{"scale_factor", 1.25}, {"mode", linear}} << 3 << std::string("1*0+0*1 0.3*0+0.7*1 0.5*1+0.5*2");
        QTest::newRow("by the size that a factor makes")
            << Attributes{{"scale_factor", 1.25}, {"mode", linear}, {"recompute_scale_factor", true}} << 3
            << std::string("1*0+0*1 1*1+0*2 1*2+0*2");
        QTest::newRow("area") << Attributes{{"size", std::int64_t{2}}, {"mode", std::string("area")}} << 3
                              << std::string("0.5*0+0.5*1 0.5*1+0.5*2");
    }

    void resampling()
    {
        QFETCH(Attributes, raw);
        QFETCH(int, size);
        QFETCH(std::string, wanted);
        const auto mixings = L::resamplingOf(torchOp("Upsample", raw), {size});
        QCOMPARE(mixings.size(), std::size_t{1});
        QCOMPARE(mixed(mixings[0]), wanted);
    }

    void evenWindows()
    {
        QCOMPARE(mixed(L::evenWindows(4, 2)), std::string("0.5*0+0.5*1 0.5*2+0.5*3"));
        QCOMPARE(mixed(L::evenWindows(2, 3)), std::string("1*0 0.5*0+0.5*1 1*1"));
    }

    void differences_data()
    {
        QTest::addColumn<Op>("torch");
        QTest::addColumn<Op>("keras");
        QTest::addColumn<bool>("differs");
        QTest::addColumn<bool>("differsUnseen"); // where what they take is not known
        const auto row = [](const char* name, const Op& torch, const Op& keras, bool differs, std::optional<bool> unseen = {}) {
            QTest::newRow(name) << torch << keras << differs << unseen.value_or(differs);
        };
        const Op twice = torchOp("Upsample", {{"scale_factor", 2.0}});
        const std::string bilinear = "bilinear";
        row("repeated", twice, kerasOp("UpSampling2D", R"({"size":[2,2]})"), false);
        row("another factor", twice, kerasOp("UpSampling2D", R"({"size":[2,3]})"), true);
        row("repeated, exactly", torchOp("Upsample", {{"scale_factor", 2.0}, {"mode", std::string("nearest-exact")}}),
            kerasOp("UpSampling2D", R"({"size":[2,2]})"), false);
        row("repeated so often that rounded steps fall short", torchOp("Upsample", {{"scale_factor", 41.0}}),
            kerasOp("UpSampling2D", R"({"size":[41,41]})"), true);
        row("another mode", twice, kerasOp("UpSampling2D", R"({"size":[2,2],"interpolation":"bilinear"})"), true);
        row("bilinear", torchOp("Upsample", {{"scale_factor", 2.0}, {"mode", bilinear}}),
            kerasOp("UpSampling2D", R"({"size":[2,2],"interpolation":"bilinear"})"), false);
        row("corners", torchOp("Upsample", {{"scale_factor", 2.0}, {"mode", bilinear}, {"align_corners", true}}),
            kerasOp("UpSampling2D", R"({"size":[2,2],"interpolation":"bilinear"})"), true);
        row("a size", torchOp("Upsample", {{"size", Ints{8, 10}}, {"mode", bilinear}}),
            kerasOp("UpSampling2D", R"({"size":[2,2],"interpolation":"bilinear"})"), false);
        row("another size", torchOp("Upsample", {{"size", Ints{8, 9}}, {"mode", bilinear}}),
            kerasOp("UpSampling2D", R"({"size":[2,2],"interpolation":"bilinear"})"), true, false);
        row("to a size", torchOp("Upsample", {{"size", Ints{3, 7}}, {"mode", bilinear}}), kerasOp("Resizing", R"({"height":3,"width":7})"),
            false);
        row("to a size, nearest from the first", torchOp("Upsample", {{"size", Ints{3, 7}}}),
            kerasOp("Resizing", R"({"height":3,"width":7,"interpolation":"nearest"})"), true);
        row("to a size, nearest exactly", torchOp("Upsample", {{"size", Ints{3, 7}}, {"mode", std::string("nearest-exact")}}),
            kerasOp("Resizing", R"({"height":3,"width":7,"interpolation":"nearest"})"), false);
        row("cropped", torchOp("ZeroPad2d", {{"padding", Ints{-1, 0, -2, -1}}}), kerasOp("Cropping2D", R"({"cropping":[[2,1],[1,0]]})"),
            false);
        row("cropped elsewhere", torchOp("ZeroPad2d", {{"padding", Ints{0, -1, -2, -1}}}),
            kerasOp("Cropping2D", R"({"cropping":[[2,1],[1,0]]})"), true);
        row("no zeros", torchOp("ConstantPad2d", {{"padding", std::int64_t{1}}, {"value", 0.5}}), kerasOp("ZeroPadding2D", "{}"), true);
        row("reflected", torchOp("ReflectionPad2d", {{"padding", std::int64_t{1}}}), kerasOp("ZeroPadding2D", "{}"), true);
        row("zeros", torchOp("ConstantPad2d", {{"padding", std::int64_t{1}}, {"value", 0.0}}), kerasOp("ZeroPadding2D", "{}"), false);
        row("pooled to a size", torchOp("AdaptiveAvgPool2d", {{"output_size", Ints{2, 3}}}),
            kerasOp("AdaptiveAveragePooling2D", R"({"output_size":[2,3]})"), false);
        row("pooled to another", torchOp("AdaptiveAvgPool2d", {{"output_size", Ints{3, 3}}}),
            kerasOp("AdaptiveAveragePooling2D", R"({"output_size":[2,3]})"), true);
        row("pooled to one", torchOp("AdaptiveMaxPool2d", {{"output_size", std::int64_t{1}}}),
            kerasOp("AdaptiveMaxPooling2D", R"({"output_size":[1,1]})"), false);
    }

    void differences()
    {
        QFETCH(Op, torch);
        QFETCH(Op, keras);
        QFETCH(bool, differs);
        QFETCH(bool, differsUnseen);
        QCOMPARE(torch.kind, keras.kind);
        const L::Kind* kind = L::kind(torch.kind);
        const L::Value left{{1, 2, 4, 5}, axesOf("NCHW")}, right{{1, 4, 5, 2}, axesOf("NHWC")};
        const std::string told = kind->difference({torch, {&left}}, {keras, {&right}});
        QVERIFY2(told.empty() != differs, told.c_str());
        QCOMPARE(!kind->difference({torch, {nullptr}}, {keras, {nullptr}}).empty(), differsUnseen);
    }

    void kerasSettingsComeBack_data()
    {
        QTest::addColumn<std::string>("className");
        QTest::addColumn<std::string>("config");
        const auto row = [](const char* name, const char* className, const char* config) {
            QTest::newRow(name) << std::string(className) << std::string(config);
        };
        row("repeated steps", "UpSampling1D", R"({"size":3})");
        row("repeated", "UpSampling2D", R"({"size":[2,3]})");
        row("bilinear, channels first", "UpSampling2D", R"({"size":2,"interpolation":"bilinear","data_format":"channels_first"})");
        row("repeated volumes", "UpSampling3D", R"({"size":[2,1,3]})");
        row("stretched", "Resizing", R"({"height":4,"width":5})");
        row("nearest", "Resizing", R"({"height":4,"width":5,"interpolation":"nearest"})");
        row("cropped steps", "Cropping1D", R"({"cropping":[1,2]})");
        row("cropped", "Cropping2D", R"({"cropping":[[1,2],[0,1]],"data_format":"channels_first"})");
        row("cropped volumes", "Cropping3D", R"({"cropping":[[1,2],[0,1],[0,0]]})");
        row("padded steps", "ZeroPadding1D", R"({"padding":[1,2]})");
        row("the middle", "CenterCrop", R"({"height":4,"width":5})");
        row("pooled to a size", "AdaptiveMaxPooling3D", R"({"output_size":[2,3,1]})");
    }

    void kerasSettingsComeBack()
    {
        QFETCH(std::string, className);
        QFETCH(std::string, config);
        const Op op = kerasOp(className, config);
        const L::Kind* kind = L::kind(op.kind);
        const Json told = kind->toKeras(op);
        QVERIFY(kind->fromKeras({className, told}) == op.attributes);
        const bool isLine = className.ends_with("1D"); // of which Keras 2 knows no data_format
        QVERIFY(!isLine || !told.contains("data_format"));
    }

    void refused_data()
    {
        QTest::addColumn<Ask>("ask");
        QTest::addColumn<std::string>("id");
        const auto keras = [](const char* name, const char* className, const char* config) {
            QTest::newRow(name) << Ask([=] { kerasOp(className, config); }) << std::string("layer-unsupported");
        };
        const auto torch = [](const char* name, const char* className, Attributes raw) {
            QTest::newRow(name) << Ask([=] { torchOp(className, raw); }) << std::string("layer-unsupported");
        };
        keras("bicubic of Keras, whose engines differ", "UpSampling2D", R"({"size":2,"interpolation":"bicubic"})");
        keras("crop_to_aspect_ratio", "Resizing", R"({"height":4,"width":5,"crop_to_aspect_ratio":true})");
        keras("pad_to_aspect_ratio", "Resizing", R"({"height":4,"width":5,"pad_to_aspect_ratio":true})");
        keras("antialias", "Resizing", R"({"height":4,"width":5,"antialias":true})");
        torch("an unknown mode", "Upsample", {{"scale_factor", 2.0}, {"mode", std::string("lanczos")}});
        torch("no size and no factor", "Upsample", {});
        torch("a factor of 0", "Upsample", {{"scale_factor", 0.0}});
        torch("a size and a scale", "Upsample", {{"size", Ints{4, 4}}, {"scales_h", 2.0}});
        torch("reflection that crops", "ReflectionPad2d", {{"padding", Ints{1, -1, 0, 0}}});
        torch("places of the highest", "AdaptiveMaxPool2d", {{"output_size", Ints{2, 2}}, {"return_indices", true}});
        torch("no power", "LPPool2d", {{"norm_type", 0.0}, {"kernel_size", std::int64_t{2}}});
        const auto infers = [](const char* name, const Op& op, const char* id) {
            QTest::newRow(name) << Ask([=] {
                const L::Value image{{1, 2, 4, 5}, axesOf("NCHW")};
                L::inferred(*L::kind(op.kind), {op, {&image}});
            }) << std::string(id);
        };
        infers("a crop that leaves nothing", torchOp("ZeroPad2d", {{"padding", Ints{-3, -2, 0, 0}}}), "shape-window");
        infers("a crop of more than there is", torchOp("ZeroPad2d", {{"padding", Ints{-6, 4, 0, 0}}}), "shape-window");
        infers("reflection of more than there is", torchOp("ReflectionPad2d", {{"padding", Ints{5, 0, 0, 0}}}), "shape-window");
        infers("a middle larger than the image", kerasOp("CenterCrop", R"({"height":5,"width":5,"data_format":"channels_first"})"),
               "shape-window");
        infers("factors of another image", torchOp("Upsample", {{"scale_factor", Reals{2, 2, 2}}}), "shape-image");
        infers("nothing left of a size", torchOp("Upsample", {{"scale_factor", 0.1}}), "shape-resize");
        infers("channels in no blocks", torchOp("PixelShuffle", {{"upscale_factor", std::int64_t{2}}}), "shape-shuffle");
        infers("channels in no groups", torchOp("ChannelShuffle", {{"groups", std::int64_t{3}}}), "shape-shuffle");
        infers("a place in no blocks", torchOp("PixelUnshuffle", {{"downscale_factor", std::int64_t{2}}}), "shape-shuffle");
    }

    void refused()
    {
        QFETCH(Ask, ask);
        QFETCH(std::string, id);
        try {
            ask();
        } catch (const Error& error) {
            QCOMPARE(error.id(), id);
            return;
        }
        QFAIL("it was taken");
    }

    void onlyZerosAddUp()
    {
        QVERIFY(L::padsOnly(torchOp("ZeroPad2d", {{"padding", std::int64_t{1}}})));
        QVERIFY(!L::padsOnly(torchOp("ZeroPad2d", {{"padding", std::int64_t{-1}}})));
        QVERIFY(!L::padsOnly(torchOp("ReplicationPad2d", {{"padding", std::int64_t{1}}})));
        QVERIFY(!L::padsOnly(torchOp("ConstantPad2d", {{"padding", std::int64_t{1}}, {"value", 1.0}})));
    }

    void paddingIsTold()
    {
        const auto told = [](const Op& op) { return L::kind(op.kind)->words(op, 0).front(); };
        QCOMPARE(told(torchOp("ZeroPad2d", {{"padding", Ints{-1, 2, 0, -3}}})), std::string("p[0,-3,-1,2]"));
        QCOMPARE(told(kerasOp("Cropping2D", R"({"cropping":[[2,1],[0,1]]})")), std::string("crop [2,1,0,1]"));
        QCOMPARE(told(kerasOp("Cropping1D", R"({"cropping":1})")), std::string("crop 1"));
        QCOMPARE(told(kerasOp("ZeroPadding1D", R"({"padding":0})")), std::string("p0"));
    }

    void channelsArePadded() // PyTorch pads the last dimensions, whatever they are
    {
        const L::Value image{{1, 2, 4, 5}, axesOf("NCHW")};
        const auto channels = torchOp("ZeroPad3d", {{"padding", Ints{0, 0, 1, 0, 2, 3}}});
        QCOMPARE(L::inferred(*L::kind(channels.kind), {channels, {&image}})[0].shape, (Shape{1, 7, 5, 5}));
        const auto lines = torchOp("ZeroPad1d", {{"padding", Ints{1, 2}}});
        QCOMPARE(L::inferred(*L::kind(lines.kind), {lines, {&image}})[0].shape, (Shape{1, 2, 4, 8}));
    }
};

QTEST_GUILESS_MAIN(TestImageKinds)
#include "tst_imagekinds.moc"
